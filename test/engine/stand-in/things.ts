/** A provider of things, and programs of a few of them: what the stand-in itself is tried on. */
import * as pulumi from "@pulumi/pulumi";
import { destroy, type Result, type Subject, type Update, update } from "../pulumi/engine.ts";
import type { Provider } from "../pulumi/provider.ts";
import { refresh } from "../pulumi/refresh.ts";
import { inline } from "../pulumi/run.ts";
import { ALL_DONE, label, type State, type Undone } from "../pulumi/state.ts";
import { hasUnknown, type Properties } from "../pulumi/wire.ts";

/** Things: another `kind` is another thing, another `size` is the same one; each has a `serial`. */
export class Thing extends pulumi.CustomResource {
  declare readonly serial: pulumi.Output<string>;

  constructor(name: string, args: Record<string, unknown> = {}, opts?: pulumi.CustomResourceOptions) {
    super("test:index:Thing", name, { ...args, serial: undefined }, opts);
  }
}

export class Things implements Provider {
  made = 0;
  /** By ID. */
  readonly standing = new Map<string, Properties>();
  check(): Properties {
    return {};
  }
  diff(_: string, olds: Properties, news: Properties) {
    const changed = ["kind", "size"].filter((key) => olds[key] !== news[key] || hasUnknown(news[key]));
    return { changed, replaces: changed.filter((key) => key === "kind") };
  }
  create(_: string, name: string, inputs: Properties) {
    this.made++;
    const id = `${name}-${this.made}`;
    this.standing.set(id, inputs);
    return { id, outputs: { ...inputs, serial: `serial-${this.made}` } };
  }
  /** `old-7` was there before the stack. */
  read(_: string, id: string) {
    const inputs = id === "old-7" ? { size: 1 } : this.standing.get(id);
    if (inputs === undefined) throw new Error(`${id} is not there`);
    return { inputs, outputs: { ...inputs, serial: serialOf(id) } };
  }
  update(_: string, id: string, inputs: Properties) {
    this.standing.set(id, inputs);
    return { ...inputs, serial: serialOf(id) };
  }
  delete(_: string, id: string) {
    if (!this.standing.delete(id) && id !== "old-7") throw new Error(`${id} is not there`);
  }
  invoke(): Properties {
    return {};
  }
}

function serialOf(id: string): string {
  return `serial-${id.split("-").at(-1)}`;
}

export const program = { project: "test", stack: "dev", config: {}, secretKeys: [] };

/** One program after the other on the same things; what the last one did. */
export async function after(...programs: Main[]): Promise<Result> {
  const stack = new ThingStack();
  let result: Result | undefined;
  for (const main of programs) result = await stack.up(main);
  return result!;
}

type Main = () => void;

/** A stack of things, over one update after the other. */
export class ThingStack {
  readonly provider = new Things();
  state: State = new Map();
  undone: Undone = ALL_DONE;

  up(main: Main, options: Omit<Partial<Update>, keyof Subject | "program" | "run"> = {}): Promise<Result> {
    return this.keeping(update({ ...this.subject, program, run: inline(async () => main), ...options }));
  }

  preview(main: Main, targets?: string[]): Promise<Result> {
    const run = inline(async () => main);
    return update({ ...this.subject, program, run, preview: true, ...(targets && { targets }) });
  }

  destroy(): Promise<Result> {
    return this.keeping(destroy(this.subject));
  }

  refresh(options?: Parameters<typeof refresh>[1]): void {
    Object.assign(this, refresh(this.subject, options));
  }

  private get subject() {
    const { state, undone, provider } = this;
    return { state, undone, provider };
  }

  private async keeping(doing: Promise<Result>): Promise<Result> {
    const result = await doing;
    this.state = result.state;
    this.undone = result.undone;
    return result;
  }
}

export function urn(name: string): string {
  return `urn:pulumi:dev::test::test:index:Thing::${name}`;
}

/** `replace a`, but for what stays the same. */
export function steps({ steps }: Pick<Result, "steps">): string[] {
  const changed = steps.filter(({ op, urn }) => op !== "same" && !urn.includes("pulumi:pulumi:Stack"));
  return changed.map(({ op, urn }) => `${op} ${label(urn).replace("Thing ", "")}`);
}
