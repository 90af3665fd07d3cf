/** Who else has an address that the plan wants. */
import * as aws from "@pulumi/aws";
import type { Plan } from "../../plan/plan.ts";
import { type Mistake, printable } from "../../settings/mistakes.ts";
import type { Owner } from "../tags.ts";
import { attempt, oneMistake } from "./attempt.ts";
import { interfaces, LOOK } from "./vpc.ts";

/**
 * Addresses of named subnets that somebody else has: a server's and the balancer's node's are the plan's to choose, and AWS
 * gives any that is free to whoever comes without one.
 */
export async function takenAddressMistakes(plan: Plan, owner: Owner): Promise<Mistake[]> {
  const taken = await attempt(() => taking(plan, owner));
  if ("value" in taken) return taken.value;
  return oneMistake(
    "vpcId",
    plan.fleet.vpcId,
    `a VPC that can be looked into; AWS says: ${taken.refused}`,
    LOOK,
  ).mistakes;
}

async function taking({ fleet, servers, gateways }: Plan, owner: Owner): Promise<Mistake[]> {
  const places = fleet.zones.flatMap(({ name, subnetId, front }) => {
    const node = gateways.find(({ zone }) => zone === name);
    const own = servers.filter(({ zone }) => zone === name).map(({ privateAddress }) => privateAddress);
    return [
      ...(subnetId === undefined
        ? []
        : [{ key: "subnetIds", subnetId, addresses: own, ours: { tags: { ...owner } } }]),
      ...(node === undefined || front?.balancer.subnetId === undefined
        ? []
        : [
            {
              key: "balancerSubnetIds",
              subnetId: front.balancer.subnetId,
              addresses: [node.balancerAddress],
              // The balancer's nodes have none of its tags.
              ours: { filters: [{ name: "interface-type", values: ["network_load_balancer"] }] },
            },
          ]),
    ];
  });
  const found = await Promise.all(
    places.map(async ({ key, subnetId, addresses, ours }): Promise<Mistake[]> => {
      const here = [{ name: "subnet-id", values: [subnetId] }];
      const all = await interfaces("addresses.private-ip-address", addresses, { filters: here });
      if (all.length === 0) return [];
      const own = await interfaces("network-interface-id", all, {
        ...ours,
        filters: [...here, ...("filters" in ours ? ours.filters : [])],
      });
      return Promise.all(
        all
          .filter((id) => !own.includes(id))
          .map(async (id) => {
            const { privateIps } = await aws.ec2.getNetworkInterface({ id });
            const taken = addresses.filter((address) => privateIps.includes(address)).join(", ");
            return {
              key,
              value: printable(subnetId),
              allowed: `subnets that the fleet has for itself: it needs ${taken}, which ${id} has`,
              fix: `another subnet, or take ${id} away; pptp-fleet:subnetCidrs gives the fleet subnets of its own`,
            };
          }),
      );
    }),
  );
  return found.flat();
}
