/** What an interface of the lab's VPC gets of its subnet, and of its address. */

import type { Graph } from "../../../graph/graph.ts";
import { SUBNET } from "../../../graph/types.ts";
import type { VpcSubnet } from "../vpc.ts";

/** By ID. @throws Error where the program names what it does not register. */
export function subnetOf(graph: Graph, id: string): VpcSubnet {
  const { availabilityZone: zone, cidrBlock: cidr } = graph.find(SUBNET, id).inputs;
  const routeTable = graph.tableOf(id);
  return { id, zone, cidr, ...(routeTable && { routeTable }) };
}

/** Locally administered, from the private address: the same machine has the same one in each run. */
export function macOf(privateAddress: string): string {
  const bytes = privateAddress.split(".").map((byte) => Number(byte).toString(16).padStart(2, "0"));
  return ["02", "0e", ...bytes].join(":");
}
