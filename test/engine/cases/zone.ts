/** More zones and fewer. */
import { type Case, each, identity } from "./case.ts";
import { server } from "./server.ts";

/** IPv4 CIDRs of a zone. */
export interface Nets {
  servers: string;
  balancer: string;
  /** The balancer's node there. */
  node: string;
}

/** By the plan, in 10.42.0.0/16. */
const NETS = {
  a: { servers: "10.42.0.0/20", balancer: "10.42.16.0/28", node: "10.42.16.4/32" },
  b: { servers: "10.42.32.0/20", balancer: "10.42.48.0/28", node: "10.42.48.4/32" },
  c: { servers: "10.42.64.0/20", balancer: "10.42.80.0/28", node: "10.42.80.4/32" },
};

/** What a zone has for its servers. */
export function network(zone: string): string[] {
  return [`Subnet ${zone}`, `RouteTable ${zone}`, `RouteTableAssociation ${zone}`, `Route ${zone}`];
}

/** What a zone has for its gateway and for the balancer, and in the rules of all groups. */
export function door(zone: keyof typeof NETS, nets: Nets = NETS[zone]): string[] {
  return [...gateway(zone, nets), ...frontSubnets(zone)];
}

/** Subnets of gateway and balancer, with their tables. */
function frontSubnets(zone: string): string[] {
  return [
    ...each("Subnet", `gateway-${zone}`, `balancer-${zone}`),
    ...each("RouteTable", `balancer-${zone}`),
    ...each("RouteTableAssociation", `gateway-${zone}`, `balancer-${zone}`),
    ...each("Route", `balancer-${zone}`),
  ];
}

/** A zone's gateway, and its place in the rules of all groups. */
export function gateway(zone: string, { servers, balancer, node }: Nets): string[] {
  return [
    ...each("Gateway", `gateway-${zone}`),
    ...identity(`gateway-${zone}`),
    ...each("Instance", `gateway-${zone}`),
    ...each("EipAssociation", `gateway-${zone}`),
    ...each("SecurityGroupIngressRule", `in-health-${balancer}`),
    ...each(
      "SecurityGroupIngressRule",
      `gateway-in-answers-${node}`,
      `gateway-in-gre-servers-${servers}`,
      `gateway-in-past-${servers}`,
      `gateway-in-clients-tcp-${servers}`,
      `gateway-in-clients-udp-${servers}`,
      `gateway-in-clients-icmp-${servers}`,
      `gateway-in-http-${servers}`,
      `gateway-in-https-${servers}`,
    ),
    ...each(
      "SecurityGroupEgressRule",
      `gateway-out-balancer-${node}`,
      `gateway-out-gre-servers-${servers}`,
      `balancer-out-control-${servers}`,
      `balancer-out-health-${servers}`,
    ),
  ];
}

const TWO = ["eu-west-1a", "eu-west-1b"];
const THREE = [...TWO, "eu-west-1c"];
const [first, last] = [server("c-1"), server("b-2")];
const added = {
  nlb: [...network("c"), ...door("c"), "Eip c-1", ...first.nlb],
  eip: [...network("c"), ...first.eip],
};

/** It is in each zone's table. */
const ENDPOINT = "VpcEndpoint s3";
const ROUTED = { egress: { mode: "routed" } };
/** The new server's clients in all tables, and the others' in the new one. */
const routes = each("Route", "c-1-a", "c-1-b", "c-1-c", "c-1-public", "a-1-c", "b-1-c");

export const cases: Case[] = [
  {
    change: "`zones`: a third, with a server more for it (`servers` 2 to 3)",
    from: { servers: 2, zones: TWO },
    to: { servers: 3, zones: THREE },
    nlb: { created: added.nlb, updated: ["LoadBalancer", ENDPOINT] },
    eip: { created: added.eip, updated: [ENDPOINT] },
  },
  {
    change: "`zones`: the same where clients are routed",
    from: { servers: 2, zones: TWO, ...ROUTED },
    to: { servers: 3, zones: THREE },
    nlb: { created: [...added.nlb, ...routes], updated: ["LoadBalancer", ENDPOINT] },
    eip: { created: [...added.eip, ...routes], updated: [ENDPOINT] },
  },
  {
    change: "`zones`: a third, with as many servers (4): one is dealt to it",
    ends: "a server less",
    from: { servers: 4, zones: TWO },
    to: { servers: 4, zones: THREE },
    nlb: { created: added.nlb, updated: ["LoadBalancer", ENDPOINT], deleted: last.nlb },
    eip: { created: added.eip, updated: [ENDPOINT], deleted: last.eip },
  },
  {
    change: "`zones`: the third taken out, with its server (`servers` 3 to 2)",
    ends: "a zone less",
    from: { servers: 3, zones: THREE },
    to: { servers: 2, zones: TWO },
    nlb: { deleted: added.nlb, replaced: ["LoadBalancer", "Listener"], updated: [ENDPOINT] },
    eip: { deleted: added.eip, updated: [ENDPOINT] },
  },
];
