/** A VPC that exists. */
import { CARVED, NAMED, PUBLIC, ROUTED } from "../../shared/existing-vpc.ts";
import { type Case, each, NOTHING } from "./case.ts";
import { balanced, eip, updated } from "./front-door.ts";
import { server } from "./server.ts";
import { door, gateway, type Nets, network } from "./zone.ts";

/** By zone, as CARVED's CIDRs are cut, and one more. */
const NETS = {
  a: { servers: "10.20.128.0/25", balancer: "10.20.128.128/28", node: "10.20.128.132/32" },
  b: { servers: "10.21.0.0/26", balancer: "10.21.0.64/28", node: "10.21.0.68/32" },
  c: { servers: "10.20.130.0/25", balancer: "10.20.130.128/28", node: "10.20.130.132/32" },
} satisfies Record<string, Nets>;

/** Flow logs are of each subnet, as the VPC is another's. */
const logs = (...subnets: string[]) => each("FlowLog", ...subnets.map((subnet) => `flow-logs-${subnet}`));
const frontLogs = (...zones: string[]) =>
  logs(...zones.flatMap((zone) => [`gateway-${zone}`, `balancer-${zone}`]));

const front = [...balanced("0.0.0.0/0"), ...door("a", NETS.a), ...door("b", NETS.b), ...frontLogs("a", "b")];
const third = {
  zones: [...CARVED.zones, "eu-west-1c"],
  subnetCidrs: [...CARVED.subnetCidrs, "10.20.130.0/24"],
};
const [more, second] = [server("c-1"), server("b-1")];

const tables = ROUTED.egress.routeTableIds;
const routedTo = (routeTableIds: string[]) => ({ egress: { mode: "routed", routeTableIds } });
const routes = each("Route", "a-1-rtb-0123456789abcdef1", "b-1-rtb-0123456789abcdef1");

const firstOf = (config: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, Array.isArray(value) ? value.slice(0, 1) : value]),
  );
/** Of the second zone of subnets that exist. */
const NAMED_B = { servers: "10.20.5.0/24", balancer: "10.20.3.16/28", node: "10.20.3.20/32" };

export const cases: Case[] = [
  {
    change: "`frontDoor`: to the other, in `subnetCidrs`",
    ends: "the other front door",
    from: CARVED,
    to: { frontDoor: undefined },
    nlb: { created: eip, deleted: front, updated },
    eip: { created: front, deleted: eip, updated },
  },
  {
    change: "`subnetCidrs`: one more, with its zone in `zones` and a server for it (`servers` 2 to 3)",
    from: { ...CARVED, servers: 2 },
    to: { ...third, servers: 3 },
    nlb: {
      created: [
        ...[...network("c"), ...door("c", NETS.c), "Eip c-1"],
        ...[...logs("c"), ...frontLogs("c"), ...more.nlb],
      ],
      updated: ["LoadBalancer"],
    },
    eip: { created: [...network("c"), ...logs("c"), ...more.eip] },
  },
  {
    change: "`egress.routeTableIds`: one more",
    from: { ...CARVED, ...routedTo(tables) },
    to: routedTo([...tables, "rtb-0123456789abcdef1"]),
    nlb: { created: routes },
    eip: { created: routes },
  },
  {
    change:
      "`subnetIds`, `gatewaySubnetIds`, `balancerSubnetIds` and `defaultRouteTableIds`: a second zone's, with a server for it (`servers` 1 to 2)",
    from: { ...firstOf(NAMED), servers: 1 },
    to: { ...NAMED, servers: 2 },
    only: "nlb",
    nlb: {
      created: [
        ...gateway("b", NAMED_B),
        "Eip b-1",
        "Route b",
        ...logs("b"),
        ...frontLogs("b"),
        ...second.nlb,
      ],
      updated: ["LoadBalancer"],
    },
    eip: NOTHING,
  },
  {
    change: "`subnetIds`: a second zone's, with a server for it (`servers` 1 to 2)",
    from: { ...firstOf(PUBLIC), servers: 1 },
    to: { subnetIds: PUBLIC.subnetIds, servers: 2 },
    only: "eip",
    nlb: NOTHING,
    eip: { created: [...logs("b"), ...second.eip] },
  },
];
