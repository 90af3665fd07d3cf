/** What a stack's state keeps of each resource, and of an update that did not come to its end. */
import type { Bindings } from "./hooks.ts";
import type { Properties } from "./wire.ts";

export interface Options {
  /** Undefined where the program does not say: the provider's word counts. */
  deleteBeforeReplace: boolean | undefined;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  /** URNs under which it may have been known. */
  aliases: string[];
  protect: boolean;
  retainOnDelete: boolean;
  /** ID of what is taken into the state where that does not have it; empty for nothing. */
  import: string;
  customTimeouts: Record<string, string>;
  /** Undefined where it has none. */
  hooks?: Bindings;
}

/** A resource as the program wants it. */
export interface Goal {
  urn: string;
  type: string;
  name: string;
  /** URN; empty for the stack. */
  parent: string;
  /** False for a component. */
  custom: boolean;
  inputs: Properties;
  /** URNs. */
  dependencies: string[];
  /** By input: URNs of the resources that it comes from. */
  propertyDependencies: Record<string, string[]>;
  options: Options;
}

/** A resource as it stands. */
export interface Resource extends Goal {
  /** Empty for a component. */
  id: string;
  outputs: Properties;
  /** Deleted, and the one in its place is not made yet: an update makes it, and deletes nothing. */
  pendingReplacement?: true;
}

/** What an engine had begun and nobody knows the end of. */
export interface Operation {
  type: "creating" | "updating" | "deleting";
  urn: string;
}

/** What an update that ended half-way leaves besides the resources as they stand. */
export interface Undone {
  operations: readonly Operation[];
  /** Those whose replacements stand, each after all that it depends on: the next update deletes them. */
  doomed: readonly Resource[];
}

export const ALL_DONE: Undone = { operations: [], doomed: [] };

/** By URN, each after all that it depends on. */
export type State = ReadonlyMap<string, Resource>;

/** The part of a URN that says what it is: `aws:ec2/instance:Instance` without its parents. */
export function urnOf(stack: string, project: string, parent: string, type: string, name: string): string {
  const above = parent === "" ? "" : parent.split("::")[2]!;
  const chain = above === "" || above === "pulumi:pulumi:Stack" ? "" : `${above}$`;
  return `urn:pulumi:${stack}::${project}::${chain}${type}::${name}`;
}

/** `Instance a-1`: a resource as a person calls it; a stack has each once. */
export function label(urn: string): string {
  const [, , types, name] = urn.split("::") as [string, string, string, string];
  return `${types.split("$").at(-1)!.split(":").at(-1)} ${name}`;
}

/** URNs of all that a resource depends on, itself or by an input. */
export function dependencies({ dependencies, propertyDependencies }: Goal): string[] {
  return [...dependencies, ...Object.values(propertyDependencies).flat()];
}

/** Those of a state that could not stand as they are without one of `roots`, in the state's order. */
export function dependents(state: State, roots: Iterable<string>, withChildren = false): Resource[] {
  const found = new Set(roots);
  return [...state.values()].filter((resource) => {
    const needs = dependencies(resource).concat(withChildren ? resource.parent : []);
    if (!needs.some((urn) => found.has(urn))) return false;
    found.add(resource.urn);
    return true;
  });
}
