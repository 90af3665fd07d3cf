/**
 * What Pulumi's engine makes of a program's resources: for each, against the state, same, update, replace, create or
 * import, and at the end what is deleted. After pulumi/pulumi, pkg/resource/deploy/step_generator.go (3.2xx).
 *
 * One step after the other, where the engine runs what does not depend on each other side by side. No default provider
 * among the resources, no refresh, no targets.
 */
import { asSecret, ignoring } from "./properties.ts";
import type { Change, Provider } from "./provider.ts";
import { dependents, type Goal, label, type Resource, type State } from "./state.ts";
import { hasUnknown, type Properties, plain, UNKNOWN } from "./wire.ts";

export type Op = "same" | "update" | "replace" | "create" | "import" | "delete";

export interface Step {
  op: Op;
  urn: string;
  /** Inputs that differ. */
  changed: string[];
  /** Those of them for which it is replaced. */
  replaces: string[];
}

/** What the engine tells a person, and then does no more. */
class Refusal extends Error {}

export class Deployment {
  readonly steps: Step[] = [];
  /** What was done, in order: `delete Instance a-1`, `create Instance a-1`. A preview does nothing. */
  readonly done: string[] = [];
  /** Why it stopped; a preview goes on and collects. */
  readonly refusals: string[] = [];
  /** What the stand-in or its provider does not know: no answer of AWS's, and the end of the update, a preview's too. */
  failure: unknown;

  private readonly next = new Map<string, Resource>();
  /** Old URNs of what the program has asked for again, and of what of it is dealt with. */
  private readonly seen = new Set<string>();
  private readonly kept = new Set<string>();
  /** Deleted before they were registered again, for the sake of one that they depend on; with the inputs that told so. */
  private readonly condemned = new Map<string, string[]>();
  /** To be deleted at the end: their replacements stand. */
  private readonly replaced = new Set<string>();
  private readonly gone = new Set<string>();
  private readonly prior: State;
  private readonly provider: Provider;
  private readonly preview: boolean;

  constructor(prior: State, provider: Provider, preview: boolean) {
    this.prior = prior;
    this.provider = provider;
    this.preview = preview;
  }

  /**
   * The state afterwards, also of one that stopped half-way: what stands, but for an old resource whose replacement
   * stands already. A preview's is as before.
   */
  get state(): State {
    if (this.preview) return this.prior;
    const left = [...this.prior].filter(([urn]) => !this.kept.has(urn) && !this.gone.has(urn));
    return new Map([...this.next, ...left]);
  }

  get registered(): State {
    return this.next;
  }

  register(asked: Goal): Resource {
    return this.orStop(() => this.decide(asked)) ?? this.left(asked);
  }

  private decide(asked: Goal): Resource {
    if (this.next.has(asked.urn)) throw this.refuse(`Duplicate resource URN '${asked.urn}'`);
    const added = asked.custom ? this.provider.check(asked.type, plain(asked.inputs)) : {};
    const goal = { ...asked, inputs: { ...asked.inputs, ...added } };
    const old = [goal.urn, ...goal.options.aliases]
      .map((urn) => this.prior.get(urn))
      .find((each) => each !== undefined);
    // Only where the state has not the very one: `import` may stay in a program.
    const { import: id } = goal.options;
    if (goal.custom && id !== "" && old?.id !== id) return this.import(goal, old);
    if (old === undefined) return this.settle(goal, undefined, "create", NOTHING, this.create(goal));
    this.seen.add(old.urn);
    const wanted = { ...goal, inputs: ignoring(goal.options.ignoreChanges, old.inputs, goal.inputs) };
    if (!goal.custom) return this.settle(wanted, old, "same", NOTHING, { id: "", outputs: old.outputs });
    // Whoever is made anew is made as the program says: what is ignored is ignored in place only.
    const condemned = this.condemned.get(old.urn);
    if (condemned !== undefined)
      return this.settle(
        goal,
        old,
        "replace",
        { changed: condemned, replaces: condemned },
        this.create(goal),
      );
    const change = this.change(wanted, old);
    if (change.replaces.length > 0)
      return this.settle(goal, old, "replace", change, this.replace(goal, old, change));
    if (change.changed.length === 0) return this.settle(wanted, old, "same", NOTHING, old);
    return this.settle(wanted, old, "update", change, this.update(wanted, old));
  }

  /** Takes what stands into the state, as step.go's ImportStep does; one of before goes. */
  private import(goal: Goal, old: Resource | undefined): Resource {
    const { import: id, ignoreChanges } = goal.options;
    const { inputs: found, outputs } = this.provider.read(goal.type, id);
    const inputs = ignoring(ignoreChanges, found, goal.inputs);
    if (this.provider.diff(goal.type, found, plain(inputs)).changed.length > 0)
      throw this.refuse(`${label(goal.urn)}: inputs to import do not match the existing resource`);
    if (old !== undefined) {
      this.seen.add(old.urn);
      this.replaced.add(old.urn);
    }
    return this.settle({ ...goal, inputs }, old, old === undefined ? "import" : "replace", NOTHING, {
      id,
      outputs,
    });
  }

  registerOutputs(urn: string, outputs: Properties): void {
    const resource = this.next.get(urn);
    if (resource !== undefined) resource.outputs = outputs;
  }

  /** The program has ended well: whatever it did not register goes, and what was replaced, dependents first. */
  finish(): void {
    for (const old of [...this.prior.values()].reverse()) this.orStop(() => this.deleteIfLeft(old));
  }

  private deleteIfLeft(old: Resource): void {
    if (this.replaced.has(old.urn)) this.remove(old);
    if (this.seen.has(old.urn)) return;
    this.steps.push({ op: "delete", urn: old.urn, ...NOTHING });
    if (this.gone.has(old.urn)) return;
    if (old.options.protect)
      this.refuseProtected(`${label(old.urn)} cannot be deleted because it is protected`);
    else this.remove(old);
  }

  /**
   * Nothing is done any more after a refusal or a failure. The engine ends the program then; here it runs on, for nothing:
   * an error in place of an answer would reject a promise for each value of each resource after it.
   */
  private orStop<T>(act: () => T): T | undefined {
    if (this.failure !== undefined || (this.refusals.length > 0 && !this.preview)) return undefined;
    try {
      return act();
    } catch (error) {
      if (!(error instanceof Refusal)) this.failure = error;
      return undefined;
    }
  }

  /** What the program is told of a resource that is not dealt with any more. */
  private left(asked: Goal): Resource {
    return { ...asked, id: "", outputs: plain(asked.inputs), ...this.prior.get(asked.urn) };
  }

  private settle(
    goal: Goal,
    old: Resource | undefined,
    op: Op,
    change: Change,
    { id, outputs }: Made,
  ): Resource {
    if (old !== undefined) this.kept.add(old.urn);
    this.steps.push({ op, urn: goal.urn, changed: change.changed, replaces: change.replaces });
    const resource: Resource = { ...goal, id, outputs: asSecret(goal.inputs, outputs) };
    this.next.set(goal.urn, resource);
    return resource;
  }

  private change({ type, inputs, options }: Goal, old: Resource): Change {
    const change = this.provider.diff(type, plain(old.inputs), plain(inputs));
    const asked = change.changed.filter((key) =>
      options.replaceOnChanges.some((path) => path === "*" || path === key),
    );
    return { ...change, replaces: [...new Set([...change.replaces, ...asked])].sort() };
  }

  private create(goal: Goal): Made {
    if (!goal.custom) return { id: "", outputs: {} };
    const inputs = plain(goal.inputs);
    // An output that a preview leaves out is one that the program does not know yet.
    if (this.preview) return { id: "", outputs: inputs };
    if (hasUnknown(inputs)) throw new Error(`${label(goal.urn)} has unknown inputs in an update`);
    return this.attempt(`create ${label(goal.urn)}`, () =>
      this.provider.create(goal.type, goal.name, inputs),
    );
  }

  private update(goal: Goal, old: Resource): Made {
    const inputs = plain(goal.inputs);
    if (this.preview) return { id: old.id, outputs: { ...old.outputs, ...inputs } };
    const outputs = this.attempt(`update ${label(goal.urn)}`, () =>
      this.provider.update(goal.type, old.id, inputs),
    );
    return { id: old.id, outputs };
  }

  private replace(goal: Goal, old: Resource, { deleteBeforeReplace = false }: Change): Made {
    if (goal.options.protect && old.options.protect)
      this.refuseProtected(`${label(goal.urn)} is to be replaced and is protected`);
    if (!(goal.options.deleteBeforeReplace ?? deleteBeforeReplace)) {
      const made = this.create(goal);
      this.replaced.add(old.urn);
      return made;
    }
    for (const [dependent, keys] of this.dependentReplacements(old).reverse()) {
      if (dependent.options.protect)
        this.refuseProtected(
          `${label(dependent.urn)} is to be replaced with ${label(old.urn)} and is protected`,
        );
      this.condemned.set(dependent.urn, keys);
      this.remove(dependent);
    }
    this.remove(old);
    return this.create(goal);
  }

  /** Those that another `root` would replace too: these go before it, and come back when they are registered. */
  private dependentReplacements(root: Resource): [Resource, string[]][] {
    const set = new Set([root.urn]);
    const found: [Resource, string[]][] = [];
    for (const each of dependents(this.prior, root.urn)) {
      if (!each.custom || this.seen.has(each.urn) || this.condemned.has(each.urn)) continue;
      const comes = (key: string) => each.propertyDependencies[key]?.some((urn) => set.has(urn)) ?? false;
      const { replaces } = this.change(
        {
          ...each,
          inputs: Object.fromEntries(
            Object.entries(each.inputs).map(([k, v]) => [k, comes(k) ? UNKNOWN : v]),
          ),
        },
        each,
      );
      if (replaces.length === 0) continue;
      set.add(each.urn);
      found.push([each, replaces]);
    }
    return found;
  }

  private remove(old: Resource): void {
    if (old.custom && !this.preview && !old.options.retainOnDelete)
      this.attempt(`delete ${label(old.urn)}`, () => this.provider.delete(old.type, old.id));
    this.gone.add(old.urn);
  }

  /** What the provider refuses ends the update. */
  private attempt<T>(what: string, act: () => T): T {
    try {
      const result = act();
      this.done.push(what);
      return result;
    } catch (error) {
      throw this.refuse(`${what}: ${(error as Error).message}`);
    }
  }

  private refuseProtected(message: string): void {
    const refusal = this.refuse(message);
    if (!this.preview) throw refusal;
  }

  private refuse(message: string): Refusal {
    this.refusals.push(message);
    return new Refusal(message);
  }
}

type Made = Pick<Resource, "id" | "outputs">;

const NOTHING: Change = { changed: [], replaces: [] };
