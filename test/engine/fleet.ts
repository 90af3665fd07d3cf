/** A stack of this repository's program in an account, over one update after the other. */
import { isDeepStrictEqual } from "node:util";
import { machineOfBundle, unpackBundle } from "../../graph/bundles.ts";
import { INSTANCE } from "../../graph/types.ts";
import type { Bundle } from "../../render/bundle.ts";
import { type Arrival, bundleChange, lastArrival } from "../../render/bundle-change.ts";
import { Account } from "./aws/account.ts";
import type { Op, Step } from "./pulumi/deployment/terms.ts";
import { destroy, type Program, type Result, type Runner, type Update, update } from "./pulumi/engine.ts";
import { refresh } from "./pulumi/refresh.ts";
import { fleetInline } from "./pulumi/run.ts";
import { ALL_DONE, label, type State, type Undone } from "./pulumi/state.ts";

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

/** Names of machines by how their new bundles arrive: of each the last of what differs. */
export type Machines = Partial<Record<Arrival, string[]>>;

export interface Outcome extends Changes {
  /** Those that stand before and after, and are not replaced. */
  machines: Machines;
  /** Inputs of instances that differ, each once. */
  instanceInputs: string[];
  result: Result;
  /** What was done to the account, in order: `delete Instance a-1`. */
  done: string[];
  refusals: string[];
}

/** How far an `up` goes: `--target`, and a call in whose middle the engine is killed. */
export type Reach = Pick<Update, "targets" | "kill">;

/** What a stack consists of. */
export interface Given {
  name: string;
  config: Config;
  /** How its program runs. */
  run: Runner;
  account: Account;
  state: State;
  undone?: Undone;
}

export class Stack {
  readonly account: Account;
  state: State;
  /** What an update that ended half-way has left. */
  undone: Undone;
  /** By an engine that was killed. */
  private isLocked = false;
  private readonly name: string;
  private readonly config: Config;
  private readonly run: Runner;

  private constructor({ name, config, run, account, state, undone = ALL_DONE }: Given) {
    this.name = name;
    this.config = config;
    this.run = run;
    this.account = account;
    this.state = state;
    this.undone = undone;
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
    const { name, config, state, undone } = this;
    const other = new Stack({ name, config, run, account: this.account.copy(), state, undone });
    other.isLocked = this.isLocked;
    return other;
  }

  /** Takes no lock. */
  preview(changes: Config = {}, reach: Reach = {}): Promise<Outcome> {
    return this.go(changes, true, reach);
  }

  /** `pulumi up`, with other values of some keys, or undefined for unset. */
  async up(changes: Config = {}, reach: Reach = {}): Promise<Outcome> {
    this.lock();
    const outcome = await this.go(changes, false, reach);
    this.keep(outcome.result);
    return outcome;
  }

  async destroy(preview = false): Promise<Outcome> {
    if (!preview) this.lock();
    const { state, undone, account: provider } = this;
    const result = await destroy({ state, undone, provider, preview });
    const outcome = outcomeOf(result, state, result.state);
    this.keep(result);
    return outcome;
  }

  /** `pulumi refresh`, with or without `--clear-pending-creates`. */
  refresh(options?: Parameters<typeof refresh>[1]): void {
    this.lock();
    const { state, undone, account: provider } = this;
    Object.assign(this, refresh({ state, undone, provider }, options));
  }

  /** `pulumi cancel`. */
  cancel(): void {
    this.isLocked = false;
  }

  /** @throws Error as lock.go of Pulumi's own backends does. */
  private lock(): void {
    if (this.isLocked)
      throw new Error(
        "the stack is currently locked by 1 lock(s): delete the lock file with `pulumi cancel`",
      );
  }

  private keep({ state, undone, killed }: Result): void {
    this.state = state;
    this.undone = undone;
    this.isLocked = killed;
  }

  private async go(changes: Config, preview: boolean, reach: Reach): Promise<Outcome> {
    const program = programOf({ ...this.config, ...changes }, this.name);
    this.account.defaultTags = JSON.parse(program.config["aws:defaultTags"] ?? "{}").tags ?? {};
    const { run, state, undone, account: provider } = this;
    const result = await update({ program, run, state, undone, provider, preview, ...reach });
    const outcome = outcomeOf(result, state, preview ? result.registered : result.state);
    if (outcome.refusals.length === 0 && !result.killed) this.isWhole(outcome, preview);
    return outcome;
  }

  /** @throws Error unless all that stood is dealt with, each once, and the new state is what stands now. */
  private isWhole({ result, ...of }: Outcome, preview: boolean): void {
    const before = [...this.state.keys()].map((urn) => short(label(urn))).sort();
    const dealt = [...of.same, ...of.updated, ...of.restarted, ...of.replaced, ...of.deleted].sort();
    if (!isDeepStrictEqual(dealt, before) || of.created.some((each) => before.includes(each)))
      throw new Error("the update has not dealt with each resource once");
    // What was creating when an engine was killed may be there, and the state does not know.
    if (preview || result.undone.operations.length > 0) return;
    const kept = [...result.state.values()].filter(({ custom }) => custom).map(({ id }) => id);
    if (!isDeepStrictEqual(kept.sort(), [...this.account.standing.keys()].sort()))
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

function outcomeOf(result: Result, before: State, after: State): Outcome {
  const of = (op: Op, which: (step: Step) => boolean = () => true) =>
    result.steps
      .filter((step) => step.op === op && which(step))
      .map(({ urn }) => short(label(urn)))
      .sort();
  const replaced = of("replace");
  const stays = (machine: string) => !replaced.includes(`Instance ${machine}`);
  return {
    created: of("create"),
    imported: of("import"),
    updated: of("update", (step) => !restarts(step)),
    restarted: of("update", restarts),
    replaced,
    deleted: of("delete"),
    same: of("same"),
    machines: arrivals(bundles(before), bundles(after), stays),
    instanceInputs: changedInputs(before, after, INSTANCE),
    result,
    done: result.done.map(short),
    refusals: result.refusals.map(short),
  };
}

/** Inputs that a type's resources have otherwise, of those that are there before and after. */
function changedInputs(before: State, after: State, of: string): string[] {
  const keys = [...after.values()].flatMap(({ urn, type, inputs }) => {
    const old = before.get(urn)?.inputs;
    if (type !== of || old === undefined) return [];
    return Object.keys({ ...old, ...inputs }).filter((key) => !isDeepStrictEqual(old[key], inputs[key]));
  });
  return [...new Set(keys)].sort();
}

/** By machine, from the bucket's objects. */
function bundles(state: State): Map<string, Bundle> {
  return new Map(
    [...state.values()].flatMap(({ inputs }) => {
      const machine = machineOfBundle(inputs.key);
      return machine === undefined ? [] : [[machine, unpackBundle(inputs.contentBase64) as Bundle]];
    }),
  );
}

function arrivals(
  before: Map<string, Bundle>,
  after: Map<string, Bundle>,
  stays: (machine: string) => boolean,
): Machines {
  const machines = [...after.keys()].filter((name) => before.has(name) && stays(name)).sort();
  const arrivalOf = (name: string) => lastArrival(bundleChange(before.get(name)!, after.get(name)!));
  const { undefined: _, ...found } = Object.groupBy(machines, (name) => arrivalOf(name) ?? "undefined");
  return found;
}

/** aws.ec2.Instance: user data's "updates to this field will trigger a stop/start", and so do instanceType's. */
function restarts({ urn, changed }: Step): boolean {
  return (
    urn.includes("aws:ec2/instance:Instance::") && changed.some((key) => /^(instanceType|userData)/.test(key))
  );
}
