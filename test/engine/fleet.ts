/** A stack of this repository's program in an account, over one update after the other. */
import { isDeepStrictEqual } from "node:util";
import { Account } from "./aws/account.ts";
import type { Op, Step } from "./pulumi/deployment.ts";
import { destroy, type Program, type Result, type Runner, update } from "./pulumi/engine.ts";
import { fleetInline } from "./pulumi/run.ts";
import { label, type State } from "./pulumi/state.ts";

/** Keys without namespace; values as a person writes them. */
export type Config = Record<string, unknown>;

const REGION = "eu-west-1";
/** What every stack of the tests has. */
export const ALWAYS: Config = {
  "aws:region": REGION,
  allowedCidrs: ["198.51.100.0/24"],
  users: [{ name: "plc-seven", password: "correct horse battery" }],
};

/** What an update did, by what a person calls each: the type, and the name without the project's. */
export interface Changes {
  created: string[];
  /** Taken into the state as they stand. */
  imported: string[];
  updated: string[];
  /** Updated, and AWS's provider stops and starts the instance for it. */
  restarted: string[];
  replaced: string[];
  deleted: string[];
  same: string[];
}

export interface Outcome extends Changes {
  result: Result;
  /** What was done to the account, in order: `delete Instance a-1`. */
  done: string[];
  refusals: string[];
}

/** What a stack consists of. */
export interface Given {
  name: string;
  config: Config;
  /** How its program runs. */
  run: Runner;
  account: Account;
  state: State;
}

export class Stack {
  readonly account: Account;
  state: State;
  private readonly name: string;
  private readonly config: Config;
  private readonly run: Runner;

  private constructor({ name, config, run, account, state }: Given) {
    this.name = name;
    this.config = config;
    this.run = run;
    this.account = account;
    this.state = state;
  }

  /** A new one, before its first `up`. */
  static empty(config: Config = {}, run: Runner = fleetInline): Stack {
    const [account, state] = [new Account(REGION), new Map()];
    return new Stack({ name: "dev", config: { ...ALWAYS, ...config }, run, account, state });
  }

  /** One of another name, with this config and nothing besides, in an account of its own. */
  static of(given: Given): Stack {
    return new Stack(given);
  }

  /** The same one once more, to go on with apart; and with another way to run the program. */
  copy(run: Runner = this.run): Stack {
    const { name, config, state } = this;
    return new Stack({ name, config, run, account: this.account.copy(), state });
  }

  preview(changes: Config = {}): Promise<Outcome> {
    return this.go(changes, true);
  }

  /** `pulumi up`, with other values of some keys, or undefined for unset. */
  async up(changes: Config = {}): Promise<Outcome> {
    const outcome = await this.go(changes, false);
    this.state = outcome.result.state;
    return outcome;
  }

  destroy(preview = false): Outcome {
    const result = destroy(this.state, this.account, preview);
    this.state = result.state;
    return outcomeOf(result);
  }

  private async go(changes: Config, preview: boolean): Promise<Outcome> {
    const program = programOf({ ...this.config, ...changes }, this.name);
    this.account.defaultTags = JSON.parse(program.config["aws:defaultTags"] ?? "{}").tags ?? {};
    const { run, state, account: provider } = this;
    const outcome = outcomeOf(await update({ program, run, state, provider, preview }));
    if (outcome.refusals.length === 0) this.isWhole(outcome, preview);
    return outcome;
  }

  /** @throws Error unless all that stood is dealt with, each once, and the new state is what stands now. */
  private isWhole({ result, ...of }: Outcome, preview: boolean): void {
    const before = [...this.state.keys()].map((urn) => short(label(urn))).sort();
    const dealt = [...of.same, ...of.updated, ...of.restarted, ...of.replaced, ...of.deleted].sort();
    if (!isDeepStrictEqual(dealt, before) || of.created.some((each) => before.includes(each)))
      throw new Error("the update has not dealt with each resource once");
    const kept = [...result.state.values()].filter(({ custom }) => custom).map(({ id }) => id);
    if (!preview && !isDeepStrictEqual(kept.sort(), [...this.account.standing.keys()].sort()))
      throw new Error("the state is not what stands in the account");
  }
}

/** A stack's config as the CLI hands it over. */
export function programOf(config: Config, stack = "dev"): Program {
  const entries = Object.entries(config)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [
      key.includes(":") ? key : `pptp-fleet:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
  return {
    project: "pptp-fleet",
    stack,
    config: Object.fromEntries(entries),
    secretKeys: ["pptp-fleet:users"],
  };
}

export function short(words: string): string {
  return words.replaceAll(/ pptp-fleet(?=-)-/g, " ").replaceAll(/ pptp-fleet(?![\w-])/g, "");
}

function outcomeOf(result: Result): Outcome {
  const of = (op: Op, which: (step: Step) => boolean = () => true) =>
    result.steps
      .filter((step) => step.op === op && which(step))
      .map(({ urn }) => short(label(urn)))
      .sort();
  return {
    created: of("create"),
    imported: of("import"),
    updated: of("update", (step) => !restarts(step)),
    restarted: of("update", restarts),
    replaced: of("replace"),
    deleted: of("delete"),
    same: of("same"),
    result,
    done: result.done.map(short),
    refusals: result.refusals.map(short),
  };
}

/** aws.ec2.Instance: user data's "updates to this field will trigger a stop/start", and so do instanceType's. */
function restarts({ urn, changed }: Step): boolean {
  return (
    urn.includes("aws:ec2/instance:Instance::") && changed.some((key) => /^(instanceType|userData)/.test(key))
  );
}
