/** What the lab's VPC consists of. `read/` reads it from the program's resources; the other files build it. */

import type { GroupRule, Launch } from "../network/fleet.ts";
import type { Stores } from "../network/stores.ts";

/** A whole VPC: nothing in it refers to a resource any more. */
export interface Vpc extends Stores {
  /** Such as `eu-west-1`. */
  region: string;
  /** IPv4 CIDR. */
  cidr: string;
  interfaces: Eni[];
  routeTables: RouteTable[];
  nodes: BalancerNode[];
  machines: VpcMachine[];
}

/** An elastic network interface: of an instance, or of a balancer's node. */
export interface Eni {
  /** Of its instance or node: `a-1`, `gateway-a`, `balancer-a`. Names namespaces and links. */
  name: string;
  id: string;
  privateAddress: string;
  subnet: VpcSubnet;
  mac: string;
  /** Whether what it sends must come from its own address, and what it receives must go there. */
  sourceDestCheck: boolean;
  ingress: GroupRule[];
  egress: GroupRule[];
  /** An Elastic IP, or the address that AWS gives a machine that asked for one at its launch. */
  publicAddress?: string;
}

export interface VpcSubnet {
  id: string;
  /** Availability zone, such as `eu-west-1a`. */
  zone: string;
  cidr: string;
  /** ID of its route table; none where it has no association, and then the VPC's main table, which is empty. */
  routeTable?: string;
}

export interface RouteTable {
  id: string;
  /** Without the VPC's own, which every table has. */
  routes: Route[];
}

/** To the internet gateway, to the VPC's own endpoint of S3, or to the interface with that ID. */
export interface Route {
  destination: string;
  via: { internetGateway: true } | { s3Endpoint: true } | { networkInterface: string };
}

/** An instance: what boots, and on which interface. */
export interface VpcMachine extends Launch {
  kind: "server" | "gateway";
}

/** A Network Load Balancer's node in one zone, with what it forwards. */
export interface BalancerNode {
  /** Its interface's name. */
  name: string;
  listeners: Listener[];
}

export interface Listener {
  /** TCP. */
  port: number;
  /** Seconds without a packet after which a connection is forgotten. */
  idleTimeout: number;
  /** Those that this node may choose: its zone's, or all where the group crosses zones. */
  targets: Target[];
  sticky: boolean;
  /** Whether a target sees the client's address. */
  preserveClientIp: boolean;
  /** Whether the connections of a target that turns unhealthy are ended. */
  terminateUnhealthy: boolean;
  healthCheck: HealthCheck;
}

export interface Target {
  address: string;
  port: number;
}

export interface HealthCheck {
  protocol: "HTTP" | "TCP";
  /** 0: the target's own. */
  port: number;
  path: string;
  /** Statuses that pass, such as `200-399`. */
  matcher: string;
  /** Seconds. */
  interval: number;
  timeout: number;
  /** Checks in a row. */
  healthyThreshold: number;
  unhealthyThreshold: number;
}
