/**
 * A stack's resources, and which of them refers to which: by value, and in a preview, where IDs are not known yet,
 * by what the program wired into the property.
 */
import type { PolicyResource } from "@pulumi/policy";
import { ByType } from "../../graph/by-type.ts";
import type { Name } from "../../graph/properties.ts";
import type { Type } from "../../graph/types.ts";

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

/** A resource, with its properties by name, whose values nobody has checked. */
export type Node<T extends Type = Type> = { [Each in T]: NodeOf<Each, Props<Each>> }[T];

/** A resource of whatever type. */
export type AnyNode = NodeOf<string, Members>;

interface NodeOf<T extends string, Props> {
  type: T;
  name: string;
  urn: string;
  /** Outputs; what is not known yet is UNKNOWN. */
  readonly props: Props;
  /** What the program says, where a rule asked to see it; outputs otherwise. */
  readonly said: Props;
  /** By property: URNs of the resources that its value comes from. */
  wired: Record<string, Set<string>>;
}

/** By name; what stands there nobody has checked. */
export type Props<T extends Type> = { readonly [Key in Name<T>]?: unknown };

/** A value with members of its own, which nobody has checked either. */
export type Members = Readonly<Record<string, unknown>>;

/** By URN. */
export type Inputs = Map<string, Members>;

/** By which outputs others refer to a resource. */
type Reference = "id" | "arn" | "primaryNetworkInterfaceId" | "defaultSecurityGroupId";

export class Stack extends ByType<Node> {
  constructor(resources: PolicyResource[], inputs: Inputs) {
    super(resources.map((resource) => nodeOf(resource, inputs.get(resource.urn)) as Node));
  }

  /**
   * The resources that a property refers to.
   *
   * @param targets Types that it may refer to, each with the output by which it would.
   * @param values What the property holds: an ID, or several; by default the property itself.
   */
  referred<N extends AnyNode, T extends Type>(
    node: N,
    property: keyof N["props"] & string,
    targets: [type: T, output: Reference][],
    values: unknown = (node.props as N["props"])[property],
  ): Node<T>[] {
    const wired = node.wired[property] ?? new Set();
    const candidates = targets.flatMap(([type, output]) => {
      const nodes: AnyNode[] = this.all(type);
      return nodes.map((each) => ({ each, value: each.props[output] }));
    });
    const found = [values].flat().flatMap((value) => {
      if (value === undefined || value === null) return [];
      const byValue = candidates.filter(
        (candidate) => typeof value === "string" && candidate.value === value,
      );
      if (byValue.length > 0) return byValue;
      return candidates.filter(({ each, value: own }) => wired.has(each.urn) && typeof own !== "string");
    });
    return [...new Set(found.map(({ each }) => each))] as Node<T>[];
  }

  /** Those of a type that refer to a resource by a property. */
  referring<T extends Type>(
    type: T,
    property: Name<T> & string,
    to: Node,
    output: Reference = "id",
  ): Node<T>[] {
    const nodes: AnyNode[] = this.all(type);
    return nodes.filter((each) =>
      this.referred(each, property, [[to.type, output]]).includes(to),
    ) as Node<T>[];
  }
}

function nodeOf(resource: PolicyResource, noted: Members | undefined) {
  let props: Members | undefined;
  return {
    type: resource.type,
    name: resource.name,
    urn: resource.urn,
    // Most rules look at the properties of a few types only.
    get props() {
      props ??= plain(resource.props) as Members;
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
}

/** A number, or NaN for what is not known yet: it is neither more nor less than anything. */
export function number(value: unknown): number {
  return value === UNKNOWN ? Number.NaN : Number(value);
}

/** A list's members, a single value as one, nothing as none. */
export function list(value: unknown): Members[] {
  return [value ?? []].flat() as Members[];
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
