/**
 * The resources of a run of the program, and what refers to what: by ID or ARN, all of which are known. What is not known
 * yet, or is another program's, policy/framework/stack.ts reads.
 */
import { ByType } from "./by-type.ts";
import type { Inputs, State } from "./properties.ts";
import type { EGRESS_RULE, INGRESS_RULE, Type } from "./types.ts";
import { ROUTE, ROUTE_TABLE_ASSOCIATION } from "./types.ts";

/** A resource as the program registered it, or of what stood before. */
export type Resource<T extends Type = Type> = {
  [Each in T]: { type: Each; name: string; id: string; inputs: Inputs<Each>; state: State<Each> };
}[T];

/** The same as it is recorded: whose properties nobody has named yet. */
export interface Recorded {
  type: string;
  name: string;
  /** Empty for a component. */
  id: string;
  inputs: object;
  state: object;
}

export class Graph extends ByType<Resource> {
  /** By ID and by ARN. */
  private readonly byReference = new Map<string, Resource>();

  constructor(resources: readonly Recorded[]) {
    super(resources as readonly Resource[]);
    for (const resource of this.nodes)
      for (const reference of [resource.id, resource.state.arn])
        if (reference && !this.byReference.has(reference)) this.byReference.set(reference, resource);
  }

  /** What an ID or an ARN names; undefined for what is not here. */
  at(reference: string): Resource | undefined {
    return this.byReference.get(reference);
  }

  /** By ID or ARN. @throws Error where the program names what it does not register. */
  find<T extends Type>(type: T, reference: string): Resource<T> {
    const found = this.at(reference);
    if (found?.type !== type)
      throw new Error(`the program names ${reference}, and registers no such ${type}`);
    return found as Resource<T>;
  }

  /** By the name that AWS has it by. @throws Error as `find`. */
  named<T extends Type>(type: T, name: string): Resource<T> {
    const found = this.nodes.find((each) => each.type === type && each.state.name === name);
    if (found === undefined) throw new Error(`the program names ${name}, and registers no such ${type}`);
    return found as Resource<T>;
  }

  /** The rules of these groups together, of one direction: EC2 evaluates them as one set. */
  rules<T extends typeof INGRESS_RULE | typeof EGRESS_RULE>(direction: T, groups: string[]): Resource<T>[] {
    const rules: Resource<typeof INGRESS_RULE | typeof EGRESS_RULE>[] = this.all(direction);
    return rules.filter(({ inputs }) => groups.includes(inputs.securityGroupId)) as Resource<T>[];
  }

  /** ID of a subnet's route table; undefined where it has no association, and then it is the VPC's main one. */
  tableOf(subnetId: string): string | undefined {
    return this.all(ROUTE_TABLE_ASSOCIATION).find(({ inputs }) => inputs.subnetId === subnetId)?.inputs
      .routeTableId;
  }

  /** The routes of a table, without the VPC's own, which every table has. */
  routes(tableId: string): Resource<typeof ROUTE>[] {
    return this.all(ROUTE).filter(({ inputs }) => inputs.routeTableId === tableId);
  }
}
