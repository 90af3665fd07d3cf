/**
 * An update's calls of the provider, with the hooks around each, and what ends it: a refusal, a failure, a killed engine.
 * After pulumi/pulumi, pkg/resource/deploy/step.go (3.260): Apply of CreateStep, UpdateStep and DeleteStep.
 */
import type { Hooks, Moment, Occasion } from "../hooks.ts";
import type { Provider } from "../provider.ts";
import { type Goal, label, type Operation, type Resource } from "../state.ts";
import { hasUnknown, type Properties, plain } from "../wire.ts";

/** What the engine tells a person, and then does no more. */
class Refusal extends Error {}

class Killed extends Error {}

/** The call in the middle of which the engine is killed. */
export interface Kill {
  /** As it is in `done`: `create Instance a-1`. */
  at: string;
  /** Whether the provider does it all the same. */
  done: boolean;
}

export type Made = Pick<Resource, "id" | "outputs">;

export class Calls {
  /** What was done, in order: `delete Instance a-1`, `create Instance a-1`. A preview does nothing. */
  readonly done: string[] = [];
  /** Why it stopped; a preview goes on and collects. */
  readonly refusals: string[] = [];
  /** What the stand-in or its provider does not know: no answer of AWS's, and the end of the update, a preview's too. */
  failure: unknown;
  /** What was begun when the engine was killed. */
  cutOff: Operation | undefined;

  private readonly provider: Provider;
  private readonly hooks: Hooks;
  private readonly preview: boolean;
  private readonly kill: Kill | undefined;

  constructor(provider: Provider, hooks: Hooks, preview: boolean, kill: Kill | undefined) {
    this.provider = provider;
    this.hooks = hooks;
    this.preview = preview;
    this.kill = kill;
  }

  /**
   * Nothing is done any more after a refusal, a failure or a kill. The engine ends the program then; here it runs on, for
   * nothing: an error in place of an answer would reject a promise for each value of each resource after it.
   */
  async orStop<T>(act: () => Promise<T>): Promise<T | undefined> {
    if (this.failure !== undefined || this.cutOff !== undefined) return undefined;
    if (this.refusals.length > 0 && !this.preview) return undefined;
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Killed)) this.failure = error;
      return undefined;
    }
  }

  async create(goal: Goal): Promise<Made> {
    if (!goal.custom) return { id: "", outputs: {} };
    const newInputs = plain(goal.inputs);
    await this.before("beforeCreate", goal, { ...named(goal), id: "", newInputs });
    const made = this.made(goal, newInputs);
    const { id, outputs: newOutputs } = made;
    await this.after("afterCreate", goal, { ...named(goal), id, newInputs, newOutputs });
    return made;
  }

  private made({ urn, type, name }: Goal, inputs: Properties): Made {
    // An output that a preview leaves out is one that the program does not know yet.
    if (this.preview) return { id: "", outputs: inputs };
    if (hasUnknown(inputs)) throw new Error(`${label(urn)} has unknown inputs in an update`);
    return this.attempt("create", urn, () => this.provider.create(type, name, inputs));
  }

  async update(goal: Goal, old: Resource): Promise<Made> {
    const { id } = old;
    const newInputs = plain(goal.inputs);
    const occasion = { ...named(goal), id, newInputs, ...former(old) };
    await this.before("beforeUpdate", goal, occasion);
    const outputs: Properties = this.preview
      ? { ...old.outputs, ...newInputs }
      : this.attempt("update", goal.urn, () => this.provider.update(goal.type, id, newInputs));
    await this.after("afterUpdate", goal, { ...occasion, newOutputs: outputs });
    return { id, outputs };
  }

  /**
   * By the hooks that the state has of it. Protection is asked for after beforeDelete, as the engine does; that of one
   * which is replaced has been before.
   */
  async delete(old: Resource, { isReplaced }: { isReplaced: boolean }): Promise<void> {
    const occasion = { ...named(old), id: old.id, ...former(old) };
    await this.before("beforeDelete", old, occasion);
    if (old.options.protect && !isReplaced)
      this.refuseProtected(`${label(old.urn)} cannot be deleted because it is protected`);
    if (old.custom && !this.preview && !old.options.retainOnDelete)
      this.attempt("delete", old.urn, () => this.provider.delete(old.type, old.id));
    await this.after("afterDelete", old, occasion);
  }

  refuseProtected(message: string): void {
    const refusal = this.refuse(message);
    if (!this.preview) throw refusal;
  }

  /** To be thrown where nothing else can be done. */
  refuse(message: string): Error {
    this.refusals.push(message);
    return new Refusal(message);
  }

  /** What was refused after the fact ends it here. */
  stopIfRefused(): void {
    if (this.refusals.length > 0 && !this.preview) throw new Refusal();
  }

  /** One that fails ends it before anything is done to the resource. */
  private async before(moment: Moment, { urn, options }: Goal, occasion: Occasion): Promise<void> {
    const failed = await this.hooks.run(moment, options.hooks, occasion, this.preview);
    if (failed !== undefined) throw this.refuse(`${label(urn)}: ${failed}`);
  }

  /** What was done stands, and the state has it; one that fails ends what would come after. */
  private async after(moment: Moment, { urn, options }: Goal, occasion: Occasion): Promise<void> {
    const failed = await this.hooks.run(moment, options.hooks, occasion, this.preview);
    if (failed !== undefined) this.refuse(`${label(urn)}: ${failed}`);
  }

  /** What the provider refuses ends the update. */
  private attempt<T>(verb: "create" | "update" | "delete", urn: string, act: () => T): T {
    const what = `${verb} ${label(urn)}`;
    const kill = this.kill?.at === what ? this.kill : undefined;
    let result: T | undefined;
    if (kill === undefined || kill.done) {
      try {
        result = act();
      } catch (error) {
        throw this.refuse(`${what}: ${(error as Error).message}`);
      }
      this.done.push(what);
    }
    if (kill === undefined) return result as T;
    this.cutOff = { type: TYPES[verb], urn };
    throw new Killed(what);
  }
}

const TYPES = { create: "creating", update: "updating", delete: "deleting" } as const;

function named({ urn, name, type }: Goal) {
  return { urn, name, type };
}

function former({ inputs, outputs }: Resource) {
  return { oldInputs: plain(inputs), oldOutputs: plain(outputs) };
}
