/**
 * A stack's resources, and which of them refers to which: by value, and in a preview, where IDs are not known yet,
 * by what the program wired into the property.
 */
import type { PolicyResource } from "@pulumi/policy";

/** Stands where a preview does not know the value yet. */
export const UNKNOWN = Symbol("known once it is made");

/** Pulumi's marks of such values on the wire: string, boolean, number, array, asset, archive, object. */
const MARKS = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export interface Node {
  type: string;
  name: string;
  urn: string;
  /** Outputs; what is not known yet is UNKNOWN. */
  readonly props: PolicyResource["props"];
  /** What the program says, where a rule asked to see it; outputs otherwise. */
  readonly said: PolicyResource["props"];
  /** By property: URNs of the resources that its value comes from. */
  wired: Record<string, Set<string>>;
}

/** By URN. */
export type Inputs = Map<string, PolicyResource["props"]>;

/** A type, and the output by which others refer to it. */
export type Target = [type: string, output: string];

export class Stack {
  readonly nodes: Node[];

  constructor(resources: PolicyResource[], inputs: Inputs) {
    this.nodes = resources.map((resource) => {
      const noted = inputs.get(resource.urn);
      let props: PolicyResource["props"] | undefined;
      return {
        type: resource.type,
        name: resource.name,
        urn: resource.urn,
        // Most rules look at the properties of a few types only.
        get props() {
          props ??= plain(resource.props) as PolicyResource["props"];
          return props;
        },
        get said() {
          return noted ?? this.props;
        },
        wired: Object.fromEntries(
          Object.entries(resource.propertyDependencies).map(([property, from]) => [
            property,
            new Set(from.map(({ urn }) => urn)),
          ]),
        ),
      };
    });
  }

  all(...types: string[]): Node[] {
    return this.nodes.filter(({ type }) => types.includes(type));
  }

  /**
   * The resources that a property refers to.
   *
   * @param values What the property holds: an ID, or several; by default the property itself.
   */
  referred(node: Node, property: string, targets: Target[], values: unknown = node.props[property]): Node[] {
    const wired = node.wired[property] ?? new Set();
    const candidates = targets.flatMap(([type, output]) =>
      this.all(type).map((each) => ({ each, value: each.props[output] as unknown })),
    );
    const found = [values].flat().flatMap((value) => {
      if (value === undefined || value === null) return [];
      const byValue = candidates.filter(
        (candidate) => typeof value === "string" && candidate.value === value,
      );
      if (byValue.length > 0) return byValue;
      return candidates.filter(({ each, value: own }) => wired.has(each.urn) && typeof own !== "string");
    });
    return [...new Set(found.map(({ each }) => each))];
  }

  /** Those of a type that refer to a resource by a property. */
  referring(type: string, property: string, to: Node, ...outputs: string[]): Node[] {
    const targets = (outputs.length === 0 ? ["id"] : outputs).map((output): Target => [to.type, output]);
    return this.all(type).filter((each) => this.referred(each, property, targets).includes(to));
  }
}

/** A number, or NaN for what is not known yet: it is neither more nor less than anything. */
export function number(value: unknown): number {
  return value === UNKNOWN ? Number.NaN : Number(value);
}

/** A list's members, a single value as one, nothing as none. */
export function list(value: unknown): PolicyResource["props"][] {
  return [value ?? []].flat() as PolicyResource["props"][];
}

/** The stack's name in a URN: `urn:pulumi:<stack>::<project>::…`. */
export function stackName(urn: string): string {
  return urn.split("::")[0]!.slice("urn:pulumi:".length);
}

/** A copy that can be read anywhere: Pulumi's own throws where a value is not known, and a rule would end there. */
export function plain(value: unknown): unknown {
  if (typeof value === "string" && MARKS.has(value)) return UNKNOWN;
  if (value === null || typeof value !== "object") return value;
  // By descriptors: these are the values themselves, past Pulumi's proxy.
  const own = Object.entries(Object.getOwnPropertyDescriptors(value)).map(
    ([key, descriptor]) => [key, plain(descriptor.value)] as const,
  );
  if (Array.isArray(value)) return own.filter(([key]) => key !== "length").map(([, each]) => each);
  return Object.fromEntries(own);
}
