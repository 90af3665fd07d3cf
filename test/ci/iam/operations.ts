/** Everything that an update may do to a fleet, and the calls that AWS sees of it. */
import type { Resource } from "../../../graph/graph.ts";
import type { AwsType } from "../../../graph/types.ts";
import { table } from "../../engine/aws/table.ts";
import type { Call, Life } from "./call.ts";
import { balancer } from "./calls/balancer.ts";
import { bucket } from "./calls/bucket.ts";
import { firewall } from "./calls/firewall.ts";
import type { Lives } from "./calls/lives.ts";
import { machines } from "./calls/machines.ts";
import { network } from "./calls/network.ts";
import { others } from "./calls/others.ts";
import type { IamGraph } from "./iam-graph.ts";

export const lives: Lives = { ...network, ...firewall, ...machines, ...balancer, ...bucket, ...others };

export interface Operation {
  /** `Instance pptp-fleet-a-1: update tags`. */
  what: string;
  type: string;
  calls: Call[];
}

/** @throws Error for a type that no life is written for. */
export function operations(graph: IamGraph): Operation[] {
  return graph.nodes.flatMap((resource) => {
    const { type, name } = resource;
    const make = lives[type as AwsType] as ((self: Resource, graph: IamGraph) => Life) | undefined;
    const life = make?.(resource, graph);
    if (!life) throw new Error(`${type} has no calls in test/ci/iam/calls`);
    const kind = type.split(":").at(-1);
    const verbs: [string, Call[]][] = [
      ["create", life.create],
      ["read", life.read],
      ...Object.entries(life.update).map(([input, calls]): [string, Call[]] => [`update ${input}`, calls]),
      ["delete", life.delete],
    ];
    return verbs.map(([verb, calls]) => ({ what: `${kind} ${name}: ${verb}`, type, calls }));
  });
}

/** The inputs of a type that an update can change in place. */
export function changeable(type: string): string[] {
  const { updates, either = {} } = table[type]!;
  return [...updates, ...Object.keys(either)].sort();
}
