/**
 * What Pulumi's engine makes of a program's resources: for each, against the state, same, update, replace, create or
 * import, and at the end what is deleted. After pulumi/pulumi, pkg/resource/deploy/step_generator.go (3.260).
 *
 * One step after the other, where the engine runs what does not depend on each other side by side. No default provider
 * among the resources.
 */

import { Hooks } from "../hooks.ts";
import type { Change } from "../provider.ts";
import { type Goal, label, type Resource, type State, type Undone } from "../state.ts";
import { type Properties, plain } from "../wire.ts";
import { Calls, type Made } from "./calls.ts";
import { dependentReplacements, difference } from "./difference.ts";
import { asSecret, ignoring } from "./properties.ts";
import { Targets } from "./targets.ts";
import type { Op, Step, Terms } from "./terms.ts";

export class Deployment {
  readonly steps: Step[] = [];
  readonly calls: Calls;
  readonly hooks = new Hooks();

  private readonly next = new Map<string, Resource>();
  /** Old URNs of what the program has asked for again, and of what of it is dealt with. */
  private readonly seen = new Set<string>();
  private readonly kept = new Set<string>();
  /** Deleted before they were registered again, for the sake of one that they depend on; with the inputs that told so. */
  private readonly condemned = new Map<string, string[]>();
  /** Old ones, deleted so that those in their place can be made. */
  private readonly awaited = new Set<string>();
  /** To be deleted at the end: their replacements stand. */
  private doomed: Resource[];
  private readonly gone = new Set<string>();
  private readonly terms: Terms;
  private readonly targets: Targets;

  constructor(terms: Terms) {
    this.terms = terms;
    this.doomed = [...terms.undone.doomed];
    this.calls = new Calls(terms.provider, this.hooks, terms.preview, terms.kill);
    this.targets = new Targets(terms.state, terms.targets);
  }

  /**
   * The state afterwards, also of one that stopped half-way: what stands, but for an old resource whose replacement
   * stands already. A preview's is as before.
   */
  get state(): State {
    const { state, preview } = this.terms;
    if (preview) return state;
    const left = [...state].filter(([urn]) => !this.kept.has(urn) && !this.gone.has(urn));
    return new Map([
      ...this.next,
      ...left.map(([urn, old]): [string, Resource] => [
        urn,
        this.awaited.has(urn) ? { ...old, pendingReplacement: true } : old,
      ]),
    ]);
  }

  /** What was creating stays until somebody says what became of it; the rest is known with the resources themselves. */
  get undone(): Undone {
    const { undone, preview } = this.terms;
    if (preview) return undone;
    const { cutOff } = this.calls;
    const creating = undone.operations.filter(({ type }) => type === "creating");
    return { operations: [...creating, ...(cutOff === undefined ? [] : [cutOff])], doomed: this.doomed };
  }

  get registered(): State {
    return this.next;
  }

  /** Whether the program is not told of a resource, as it is none of the targets and does not exist. */
  isSkipped(urn: string): boolean {
    return this.targets.skipped.has(urn);
  }

  async register(asked: Goal): Promise<Resource> {
    return (await this.calls.orStop(() => this.decide(asked))) ?? this.left(asked);
  }

  private async decide(asked: Goal): Promise<Resource> {
    if (this.next.has(asked.urn)) throw this.calls.refuse(`Duplicate resource URN '${asked.urn}'`);
    const { state, provider, destroys } = this.terms;
    const old = [asked.urn, ...asked.options.aliases]
      .map((urn) => state.get(urn))
      .find((each) => each !== undefined);
    if (destroys) return this.toBeDestroyed(asked, old);
    // What went for the sake of another comes back, a target or not, and by its inputs of then where it is none.
    const isTarget = this.targets.has(asked);
    if (!isTarget && (old === undefined || !this.condemned.has(old.urn))) return this.untargeted(asked, old);
    const missing = this.targets.missing(asked);
    if (missing !== undefined)
      this.calls.refuseProtected(
        `${label(asked.urn)} depends on ${label(missing)}, which was not specified in --target list`,
      );
    const wants = isTarget ? asked : { ...asked, inputs: old?.inputs ?? {} };
    const added = wants.custom ? provider.check(wants.type, plain(wants.inputs)) : {};
    const goal = { ...wants, inputs: { ...wants.inputs, ...added } };
    // Only where the state has not the very one: `import` may stay in a program.
    const { import: id } = goal.options;
    if (goal.custom && id !== "" && old?.id !== id) return this.import(goal, old);
    if (old === undefined)
      return this.settle(goal, undefined, "create", NOTHING, await this.calls.create(goal));
    this.seen.add(old.urn);
    return this.against(old, goal);
  }

  private async against(old: Resource, goal: Goal): Promise<Resource> {
    const wanted = { ...goal, inputs: ignoring(goal.options.ignoreChanges, old.inputs, goal.inputs) };
    if (!goal.custom) return this.settle(wanted, old, "same", NOTHING, { id: "", outputs: old.outputs });
    // Whoever is made anew is made as the program says: what is ignored is ignored in place only.
    const condemned = this.condemned.get(old.urn);
    if (condemned !== undefined) {
      const change = { changed: condemned, replaces: condemned };
      return this.settle(goal, old, "replace", change, await this.calls.create(goal));
    }
    const change = difference(this.terms.provider, wanted, old);
    if (change.replaces.length > 0 || old.pendingReplacement)
      return this.settle(goal, old, "replace", change, await this.replace(goal, old, change));
    if (change.changed.length === 0) return this.settle(wanted, old, "same", NOTHING, old);
    return this.settle(wanted, old, "update", change, await this.calls.update(wanted, old));
  }

  /** Takes what stands into the state, as step.go's ImportStep does; one of before goes. */
  private import(goal: Goal, old: Resource | undefined): Resource {
    const { provider } = this.terms;
    const { import: id, ignoreChanges } = goal.options;
    const { inputs: found, outputs } = provider.read(goal.type, id);
    const inputs = ignoring(ignoreChanges, found, goal.inputs);
    if (provider.diff(goal.type, found, plain(inputs)).changed.length > 0)
      throw this.calls.refuse(`${label(goal.urn)}: inputs to import do not match the existing resource`);
    if (old !== undefined) {
      this.seen.add(old.urn);
      this.doomed.push(old);
    }
    return this.settle({ ...goal, inputs }, old, old === undefined ? "import" : "replace", NOTHING, {
      id,
      outputs,
    });
  }

  /** As it stands in the state, whatever the program says, with all that it needs; and not made where it does not. */
  private untargeted(asked: Goal, old: Resource | undefined): Resource {
    if (old === undefined) {
      this.targets.skipped.add(asked.urn);
      return this.left(asked);
    }
    for (const resource of this.targets.chain(old))
      if (!this.next.has(resource.urn) && !this.condemned.has(resource.urn)) {
        this.seen.add(resource.urn);
        this.kept.add(resource.urn);
        this.next.set(resource.urn, resource);
        this.steps.push({ op: "same", urn: resource.urn, ...NOTHING });
      }
    return old;
  }

  /** With the program's options and hooks, and its own inputs; what is not there is not made. */
  private toBeDestroyed(asked: Goal, old: Resource | undefined): Resource {
    if (old === undefined || this.targets.missing(asked) !== undefined) {
      this.targets.skipped.add(asked.urn);
      return this.left(asked);
    }
    this.seen.add(old.urn);
    this.kept.add(old.urn);
    const resource = { ...old, ...asked, inputs: old.inputs };
    this.next.set(asked.urn, resource);
    return resource;
  }

  registerOutputs(urn: string, outputs: Properties): void {
    const resource = this.next.get(urn);
    if (resource !== undefined) resource.outputs = outputs;
  }

  /** The program has ended well: whatever it did not register goes, and what was replaced, dependents first. */
  async finish(): Promise<void> {
    const { state, destroys } = this.terms;
    const stale = destroys
      ? [...state.values()].filter(({ urn }) => !this.seen.has(urn))
      : [...state.values()];
    const going = [...this.doomed, ...stale, ...(destroys ? this.next.values() : [])];
    await this.calls.orStop(async () => this.refuseUntargeted());
    for (const old of going.reverse()) await this.calls.orStop(() => this.deleteIfLeft(old));
    await this.calls.orStop(async () => {
      for (const urn of this.targets.unknown(this.next))
        this.calls.refuse(`Target '${urn}' could not be found in the stack.`);
    });
  }

  /** Nothing is deleted where something would go that is no target, but needs one. */
  private refuseUntargeted(): void {
    const left = [...this.terms.state.values()].filter(({ urn }) => !this.seen.has(urn));
    const going = [...left, ...this.doomed].filter(({ urn }) => this.targets.mayGo(urn));
    for (const { urn } of going.filter(({ urn }) => !this.targets.names(urn)))
      this.calls.refuse(`${label(urn)} will be destroyed but was not specified in --target list`);
  }

  private async deleteIfLeft(old: Resource): Promise<void> {
    if (this.doomed.includes(old)) {
      if (!this.targets.mayGo(old.urn)) return;
      await this.calls.delete(old, { isReplaced: true });
      this.doomed = this.doomed.filter((each) => each !== old);
      return;
    }
    const isDestroyed = this.terms.destroys && this.next.get(old.urn) === old;
    if (this.seen.has(old.urn) && !isDestroyed) return;
    const op = this.targets.mayGo(old.urn) ? "delete" : "same";
    this.steps.push({ op, urn: old.urn, ...NOTHING });
    if (op === "same") return;
    if (!this.awaited.has(old.urn) && !old.pendingReplacement)
      await this.calls.delete(old, { isReplaced: false });
    this.gone.add(old.urn);
    if (isDestroyed) this.next.delete(old.urn);
  }

  /** What the program is told of a resource that is not dealt with any more. */
  private left(asked: Goal): Resource {
    return { ...asked, id: "", outputs: plain(asked.inputs), ...this.terms.state.get(asked.urn) };
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

  private async replace(goal: Goal, old: Resource, { deleteBeforeReplace = false }: Change): Promise<Made> {
    if (goal.options.protect && old.options.protect)
      this.calls.refuseProtected(`${label(goal.urn)} is to be replaced and is protected`);
    if (!(goal.options.deleteBeforeReplace ?? deleteBeforeReplace)) {
      const made = await this.calls.create(goal);
      // One that is gone already is deleted once more by the engine; its provider takes that for done.
      if (!old.pendingReplacement) this.doomed.push(old);
      return made;
    }
    const { state, provider } = this.terms;
    const isDealtWith = ({ urn }: Resource) => this.seen.has(urn) || this.condemned.has(urn);
    for (const [dependent, keys] of dependentReplacements(provider, state, old, isDealtWith).reverse()) {
      if (dependent.options.protect)
        this.calls.refuseProtected(
          `${label(dependent.urn)} is to be replaced with ${label(old.urn)} and is protected`,
        );
      this.condemned.set(dependent.urn, keys);
      await this.makeWay(dependent);
    }
    await this.makeWay(old);
    return this.calls.create(goal);
  }

  private async makeWay(old: Resource): Promise<void> {
    if (!old.pendingReplacement) await this.calls.delete(old, { isReplaced: true });
    this.awaited.add(old.urn);
    this.calls.stopIfRefused();
  }
}

const NOTHING: Change = { changed: [], replaces: [] };
