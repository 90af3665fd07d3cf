/**
 * What `--target` leaves of an update: those that it names, and no other. What a target depends on is not touched, nor is
 * what depends on it, but for those that cannot be without it (`--target-dependents` is not known here). After
 * pulumi/pulumi, pkg/resource/deploy/step_generator.go (3.260): isTargetedForUpdate, validateSteps, GenerateDeletes.
 */
import { dependencies, dependents, type Goal, type Resource, type State } from "../state.ts";

export class Targets {
  /** Those that the program wants, that are not there, and that are no targets: they are not made. */
  readonly skipped = new Set<string>();
  private readonly named: ReadonlySet<string> | undefined;
  private readonly state: State;

  constructor(state: State, urns: readonly string[] | undefined) {
    this.state = state;
    this.named = urns && new Set(urns);
    const glob = urns?.find((urn) => urn.includes("*"));
    if (glob !== undefined) throw new Error(`this engine does not know globs in targets: ${glob}`);
  }

  names(urn: string): boolean {
    return this.named?.has(urn) ?? true;
  }

  /** The stack itself is always one. */
  has({ urn, type }: Goal): boolean {
    return this.names(urn) || type === "pulumi:pulumi:Stack";
  }

  /** The first that a resource needs of those that are not made. */
  missing(goal: Goal): string | undefined {
    return [goal.parent, ...dependencies(goal)].find((urn) => this.skipped.has(urn));
  }

  /** Whether one that the program does not register is deleted: a target, or what needs one or is its child. */
  mayGo(urn: string): boolean {
    if (this.named === undefined || this.named.has(urn)) return true;
    return dependents(this.state, this.named, true).some((each) => each.urn === urn);
  }

  /** A resource of the state after all that it needs, whether the program registers that or not. */
  chain(resource: Resource, found = new Set<Resource>()): Set<Resource> {
    for (const urn of [resource.parent, ...dependencies(resource)]) {
      const needed = this.state.get(urn);
      if (needed !== undefined && !found.has(needed)) this.chain(needed, found);
    }
    return found.add(resource);
  }

  /** Targets that neither the state has nor the program. */
  unknown(registered: State): string[] {
    return [...(this.named ?? [])].filter(
      (urn) => !this.state.has(urn) && !registered.has(urn) && !this.skipped.has(urn),
    );
  }
}
