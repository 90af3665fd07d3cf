/** What a balancer answers finds its way back through a gateway. */

import { BALANCER, type INSTANCE, SUBNET } from "../../../graph/types.ts";
import type { Finding, StackRule } from "../../framework/rule.ts";
import { list, type Node, type Stack } from "../../framework/stack.ts";
import {
  BALANCED,
  balancers,
  balancersOf,
  type DefaultRoute,
  defaultRoutes,
  defaultRoutesInto,
  elasticIpsOf,
  gatewaysOf,
  listeners,
  primaryInterfacesOf,
  tablesOf,
} from "../../resources/front-door.ts";
import { planOf } from "../../resources/plan.ts";

export const balancerWayBack: StackRule = {
  name: "balancer-way-back",
  demands: `Each subnet of a balancer of ${BALANCED} has a default route to a gateway with an Elastic IP and no source/destination check.`,
  severity: "high",
  reason:
    "The balancer keeps the client's address, so it answers an address on the internet: by any other way the answer is dropped, or leaves under an address that nobody dialled.",
  fix: "components/network/default-routes.ts routes the balancer's subnets to their zone's gateway: pptp-fleet:frontDoor nlb, or eip without a balancer",
  link: "https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html",
  // A preview may call the list of its subnets unknown as a whole, in which one is.
  inputsOf: [BALANCER],
  stackViolations: (stack) => [
    ...listeners(stack)
      .filter((listener) => balancersOf(stack, listener).length === 0)
      .map((node) => ({
        node,
        problem: "its balancer is not this stack's, and nobody can tell where its subnets lead",
      })),
    ...balancers(stack).flatMap((balancer) => ofBalancer(stack, balancer)),
  ],
};

function ofBalancer(stack: Stack, balancer: Node<typeof BALANCER>): Finding[] {
  const mapped = list(balancer.said.subnetMappings).map((each) => each.subnetId ?? each);
  const listed = list(balancer.said.subnets);
  const found = [
    ...stack.referred(balancer, "subnetMappings", [[SUBNET, "id"]], mapped),
    ...stack.referred(balancer, "subnets", [[SUBNET, "id"]], listed),
  ];
  // AWS's answer, where it is all that is known, has both lists, with the same subnets in each.
  const wanted = Math.max(mapped.length, listed.length, 1);
  const distinct = [...new Set(found)];
  // Of subnets that exist the program has looked up the table.
  const tables = namedTables(stack, [...mapped, ...listed]);
  const known = distinct.length + tables.size;
  if (known < wanted)
    return [
      {
        node: balancer,
        problem: `${wanted - known} of its subnets are not this stack's, and nobody can tell where they lead`,
      },
    ];
  return [
    ...distinct.flatMap((subnet) => ofSubnet(stack, balancer, subnet)),
    ...[...tables].flatMap(([subnet, table]) =>
      ofRoutes(stack, balancer, subnet, defaultRoutesInto(stack, table)),
    ),
  ];
}

/** Route tables by subnet, of those of the balancer's subnets that config names. */
function namedTables(stack: Stack, subnets: unknown[]): Map<string, string> {
  const zones = planOf(stack)?.fleet?.zones ?? [];
  return new Map(
    zones.flatMap(({ front }) => {
      const [id, table] = [front?.balancer?.subnetId, front?.tables?.balancer];
      return id !== undefined && table !== undefined && subnets.includes(id) ? [[id, table] as const] : [];
    }),
  );
}

function ofSubnet(stack: Stack, balancer: Node<typeof BALANCER>, subnet: Node<typeof SUBNET>): Finding[] {
  const tables = tablesOf(stack, subnet);
  if (tables.length === 0)
    return [{ node: balancer, problem: `its subnet ${subnet.name} has no route table of its own` }];
  const routes = tables.flatMap((table) => defaultRoutes(stack, table));
  return ofRoutes(stack, balancer, subnet.name, routes);
}

function ofRoutes(
  stack: Stack,
  balancer: Node<typeof BALANCER>,
  subnet: string,
  routes: DefaultRoute[],
): Finding[] {
  const violation = (problem: string) => [{ node: balancer, problem: `its subnet ${subnet} ${problem}` }];
  if (routes.length === 0) return violation("has no default route");
  const ways = routes.map((route) => gatewaysOf(stack, route));
  if (ways.some((gateways) => gateways.length === 0))
    return violation("has a default route that leads to no gateway");
  return ways
    .flat()
    .flatMap((gateway) => [
      ...(checksSource(stack, gateway)
        ? violation(`leads to ${gateway.name}, whose source/destination check drops what it should forward`)
        : []),
      ...(elasticIpsOf(stack, gateway).length === 0
        ? violation(`leads to ${gateway.name}, which has no Elastic IP`)
        : []),
    ]);
}

/** Anything but a plain no: also what nobody knows yet. */
function checksSource(stack: Stack, gateway: Node<typeof INSTANCE>): boolean {
  const own = [gateway, ...primaryInterfacesOf(stack, gateway)].map(({ props }) => props.sourceDestCheck);
  return !own.includes(false);
}
