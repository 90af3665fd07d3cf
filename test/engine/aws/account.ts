/** An AWS account behind its provider, as far as the program's resources go: what stands, and what AWS refuses. */

import { isDeepStrictEqual } from "node:util";
import { EIP, EIP_ASSOCIATION } from "../../../graph/types.ts";
import { answer, made } from "../../../offline/answers.ts";
import type { Change, Provider } from "../pulumi/provider.ts";
import { hasUnknown, type Properties } from "../pulumi/wire.ts";
import { describeAddresses, type Foreign, FREE } from "./addresses.ts";
import { refusalToCreate, refusalToDelete, refusalToUpdate } from "./refusals.ts";
import type { Standing } from "./standing.ts";
import { table } from "./table.ts";

export interface Kept {
  standing: Standing[];
  counts: [type: string, count: number][];
  publishedImage?: string;
  foreign?: Foreign[];
}

export class Account implements Provider {
  /** By ID. */
  readonly standing = new Map<string, Standing>();
  /** Elastic IPs that are not the stack's. */
  foreign: Foreign[] = FREE.map((id) => ({ id, tags: {} }));
  /** `aws:defaultTags`. */
  defaultTags: Properties = {};
  /** The newest official image, once one is published after offline/answers.ts's. */
  publishedImage: string | undefined;
  private readonly region: string;
  /** How many were ever made, by type: nothing gets an ID twice. */
  private readonly counts = new Map<string, number>();

  constructor(region: string) {
    this.region = region;
  }

  copy(): Account {
    const other = new Account(this.region);
    other.restore(this.kept());
    return other;
  }

  /** What there is to keep of it. */
  kept(): Kept {
    const { publishedImage, foreign } = this;
    return {
      ...{ standing: [...this.standing.values()], counts: [...this.counts], foreign },
      ...(publishedImage === undefined ? {} : { publishedImage }),
    };
  }

  restore({ standing, counts, publishedImage, foreign = this.foreign }: Kept): void {
    this.foreign = foreign;
    this.publishedImage = publishedImage;
    for (const stands of standing) this.standing.set(stands.id, stands);
    for (const [type, count] of counts) this.counts.set(type, count);
  }

  /** The provider's default tags come on top, as pulumi-aws's provider/tags.go adds them. */
  check(type: string, inputs: Properties): Properties {
    const { replaces, updates, either = {} } = row(type);
    const known = new Set([...replaces, ...updates, ...Object.keys(either)]);
    const missing = Object.keys(inputs).filter((key) => !known.has(key));
    if (missing.length > 0)
      throw new Error(`test/engine/aws/table.ts does not know ${type}'s ${missing.join(", ")}`);
    return known.has("tags") ? { tagsAll: { ...this.defaultTags, ...inputs.tags } } : {};
  }

  diff(type: string, olds: Properties, news: Properties): Change {
    const { replaces, either = {}, named } = row(type);
    const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
    const changed = keys.filter((key) => !isDeepStrictEqual(olds[key], news[key]) || hasUnknown(news[key]));
    return {
      changed,
      replaces: changed.filter((key) => replaces.includes(key) || either[key]?.(olds, news)),
      deleteBeforeReplace: named !== undefined && news[named] !== undefined,
    };
  }

  create(type: string, name: string, inputs: Properties): { id: string; outputs: Properties } {
    const refusal = refusalToCreate([...this.standing.values()], type, inputs);
    if (refusal !== undefined) throw new Error(refusal);
    const count = this.numberOf(type, name);
    const id = idOf(type, name, count);
    const find = (other: string) => this.standing.get(other)?.inputs;
    const outputs = made(type, name, id, inputs, { count, find });
    // An Elastic IP is taken over, and the association before is no more; nor is that of the one that was there.
    if (type === EIP_ASSOCIATION)
      for (const other of this.standing.values())
        if (other.type === type && ASSOCIATED.some((key) => other.inputs[key] === inputs[key]))
          this.standing.delete(other.id);
    this.standing.set(id, { type, id, inputs, outputs });
    return { id, outputs };
  }

  read(type: string, id: string): { inputs: Properties; outputs: Properties } {
    const stands = this.standing.get(id);
    if (stands?.type !== type) throw new Error(`${id} is not there`);
    return stands;
  }

  update(type: string, id: string, inputs: Properties): Properties {
    const stands = this.standing.get(id);
    if (stands === undefined) throw new Error(`${id} is not there`);
    const refusal = refusalToUpdate([...this.standing.values()], stands, inputs);
    if (refusal !== undefined) throw new Error(refusal);
    const outputs = { ...stands.outputs, ...inputs };
    this.standing.set(id, { type, id, inputs, outputs });
    return outputs;
  }

  delete(type: string, id: string): void {
    const stands = this.standing.get(id);
    if (stands === undefined) {
      if (type === EIP_ASSOCIATION) return;
      throw new Error(`${id} is not there`);
    }
    const refusal = refusalToDelete([...this.standing.values()], stands);
    if (refusal !== undefined) throw new Error(refusal);
    this.standing.delete(id);
  }

  invoke(token: string, args: Properties): Properties {
    const { foreign } = this;
    const addresses = describeAddresses({ standing: [...this.standing.values()], foreign }, token, args);
    if (addresses !== undefined) return addresses;
    const said = this.answer(token, args);
    return token === "aws:ec2/getAmi:getAmi" && this.publishedImage !== undefined
      ? { ...said, id: this.publishedImage }
      : said;
  }

  /** To a question that is not about the account's own addresses. */
  protected answer(token: string, args: Properties): Properties {
    return answer(this.region, token, args);
  }

  /** Of one that is made: how many of its type there ever were. */
  protected numberOf(type: string, _name: string): number {
    const count = (this.counts.get(type) ?? 0) + 1;
    this.counts.set(type, count);
    return count;
  }
}

/** An Elastic IP's is as AWS has it, as an operator names it. */
function idOf(type: string, name: string, count: number): string {
  if (type === EIP) return `eipalloc-${count.toString(16).padStart(17, "0")}`;
  return `${type.split(":").at(-1)!.toLowerCase()}-${name}-${count}`;
}

/** By either of these an association is the only one. */
const ASSOCIATED = ["allocationId", "networkInterfaceId"];

function row(type: string) {
  const found = table[type];
  if (found === undefined) throw new Error(`test/engine/aws/table.ts does not know the type ${type}`);
  return found;
}
