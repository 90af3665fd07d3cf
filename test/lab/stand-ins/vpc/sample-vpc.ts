/**
 * A VPC made by hand, whose groups let everything through: what is dropped in it is dropped for what a test has changed.
 *
 *     internet ─┬─ 198.18.0.1 gateway-a ◀── default route of a-1, a-2 and balancer-a, which chooses among the two
 *               └─ 198.18.0.2 b-1; b-2 beside it has no public address, c-1 no route but the VPC's own
 */

import { macOf } from "../../../../lab/vpc/read/subnet.ts";
import type { Eni, Listener, Route, Vpc, VpcSubnet } from "../../../../lab/vpc/vpc.ts";
import { BUCKET, objects, policies, rule } from "../sample-fleet.ts";

export const ADDRESS = {
  "a-1": "10.42.0.4",
  "a-2": "10.42.0.5",
  "balancer-a": "10.42.16.4",
  "gateway-a": "10.42.16.20",
  "b-1": "10.42.32.4",
  "b-2": "10.42.32.5",
  "c-1": "10.42.64.4",
} as const;
export type Name = keyof typeof ADDRESS;

/** Elastic IPs; nobody has the last one. */
export const [GATEWAY_PUBLIC, B1_PUBLIC, NOBODYS] = ["198.18.0.1", "198.18.0.2", "198.18.0.99"] as const;
export const USER_DATA = Buffer.from([0x1f, 0x8b, 0x00, 0xff]);

const EVERYTHING = [rule("-1", "0.0.0.0/0")];

const subnet = (id: string, cidr: string, routeTable?: string): VpcSubnet => ({
  ...{ id, cidr, zone: `eu-west-1${id.at(-1)}` },
  ...(routeTable === undefined ? {} : { routeTable }),
});
const servers = subnet("servers-a", "10.42.0.0/20", "by-gateway");
const gateways = subnet("gateways-a", "10.42.16.16/28", "by-internet");
const open = subnet("open-b", "10.42.32.0/20", "by-internet");

const eni = (name: Name, of: VpcSubnet, more: Partial<Eni> = {}): Eni => ({
  ...{ name, id: `eni-${name}`, privateAddress: ADDRESS[name], subnet: of, mac: macOf(ADDRESS[name]) },
  ...{ sourceDestCheck: true, ingress: EVERYTHING, egress: EVERYTHING, ...more },
});
const route = (destination: string, via: Route["via"]): Route => ({ destination, via });

export const LISTENER: Listener = {
  ...{ port: 1723, idleTimeout: 350, sticky: true, preserveClientIp: true, terminateUnhealthy: false },
  targets: [ADDRESS["a-1"], ADDRESS["a-2"]].map((address) => ({ address, port: 1723 })),
  healthCheck: {
    ...{ protocol: "HTTP", port: 8723, path: "/", matcher: "200", interval: 0.5, timeout: 20 },
    ...{ healthyThreshold: 2, unhealthyThreshold: 2 },
  },
};

export function sampleVpc(): Vpc {
  const machine = {
    kind: "server",
    instanceType: "c6in.large",
    userData: USER_DATA,
    role: "server",
  } as const;
  return {
    ...{ region: "eu-west-1", cidr: "10.42.0.0/16", secrets: [] },
    interfaces: [
      eni("gateway-a", gateways, { sourceDestCheck: false, publicAddress: GATEWAY_PUBLIC }),
      eni("a-1", servers),
      eni("a-2", servers),
      eni("balancer-a", subnet("balancer-a", "10.42.16.0/28", "by-gateway"), { sourceDestCheck: false }),
      eni("b-1", open, { publicAddress: B1_PUBLIC }),
      eni("b-2", open),
      eni("c-1", subnet("alone-c", "10.42.64.0/20")),
    ],
    routeTables: [
      { id: "by-gateway", routes: [route("0.0.0.0/0", { networkInterface: "eni-gateway-a" })] },
      { id: "by-internet", routes: [route("0.0.0.0/0", { internetGateway: true })] },
    ],
    nodes: [{ name: "balancer-a", listeners: [LISTENER] }],
    machines: (["a-1", "b-1"] as const).map((name) => ({
      name,
      policies: policies(name),
      files: [],
      ...machine,
    })),
    bucket: { name: BUCKET, objects: ["a-1", "b-1"].flatMap(objects) },
  };
}

/** The VPC with one interface, or with what is to be changed of its balancer's listener, otherwise. */
export type Change = (vpc: Vpc) => Vpc;

export const withEni =
  (name: Name, change: Partial<Eni>): Change =>
  (vpc) => ({
    ...vpc,
    interfaces: vpc.interfaces.map((each) => (each.name === name ? { ...each, ...change } : each)),
  });

export const withListener =
  ({
    healthCheck,
    ...change
  }: Partial<Omit<Listener, "healthCheck">> & { healthCheck?: Partial<Listener["healthCheck"]> }): Change =>
  (vpc) => ({
    ...vpc,
    nodes: vpc.nodes.map((node) => ({
      ...node,
      listeners: node.listeners.map((each) => ({
        ...each,
        ...change,
        healthCheck: { ...each.healthCheck, ...healthCheck },
      })),
    })),
  });

export const withRoutes =
  (table: "by-gateway" | "by-internet", ...routes: Route[]): Change =>
  (vpc) => ({
    ...vpc,
    routeTables: vpc.routeTables.map((each) => (each.id === table ? { ...each, routes } : each)),
  });
