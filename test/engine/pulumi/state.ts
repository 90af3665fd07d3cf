/** What a stack's state keeps of each resource. */
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
}

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

/** Those of a state that could not stand as they are without one of `roots`, in the state's order. */
export function dependents(state: State, root: string): Resource[] {
  const found = new Set([root]);
  return [...state.values()].filter((resource) => {
    const needs = [...resource.dependencies, ...Object.values(resource.propertyDependencies).flat()];
    if (!needs.some((urn) => found.has(urn))) return false;
    found.add(resource.urn);
    return true;
  });
}
