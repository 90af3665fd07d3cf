/** The front doors that are compared: one booted stack, with the program's own resources for each. */
import { Graph } from "../../graph/graph.ts";
import { EIP, EIP_ASSOCIATION } from "../../graph/types.ts";
import type { RecordedResource } from "../../offline/program.ts";

/** `again` is `eip` once more: how far two measurements of the same door lie apart. */
export const VARIANTS = ["eip", "nlb", "again"] as const;
export type Variant = (typeof VARIANTS)[number];

/**
 * The stack with `frontDoor: eip`, and beside it, idle, the gateways and the balancer that `nlb` has more: so machines
 * that have booted stay, and need no boot when their turn comes again. Elastic IPs are the one door's or the other's.
 */
export function besideIdle(eip: RecordedResource[], nlb: RecordedResource[]): RecordedResource[] {
  const own = new Set(eip.map(({ urn }) => urn));
  const idle = nlb.filter(({ urn, type }) => !own.has(urn) && type !== EIP && type !== EIP_ASSOCIATION);
  return [...eip, ...idle];
}

/** What a client dials. @throws Error where there is more than one: the bench compares one server's dials. */
export function dialled(resources: RecordedResource[]): string {
  const [address, ...more] = new Graph(resources).all(EIP);
  if (!address || more.length > 0) throw new Error(`${address ? more.length + 1 : 0} Elastic IPs, not one`);
  return address.state.publicIp;
}
