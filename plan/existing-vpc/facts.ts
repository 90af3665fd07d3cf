/** What AWS says of a VPC that exists (components/ask/vpc.ts): plain facts. */
import { type Cidr, parseCidr } from "../../settings/ipv4.ts";

/** A default route's destination. */
export const EVERYWHERE = "0.0.0.0/0";

/** The VPC that `vpcId` names. */
export interface VpcFacts {
  id: string;
  /** IPv4 CIDRs, the VPC's first one first. */
  cidrs: string[];
  /** Undefined where the VPC has none. */
  internetGatewayId?: string;
  /** Names of the region's availability zones; Local and Wavelength Zones are not among them. */
  zones: string[];
  /** Where the stack makes its own, all that the VPC has; else those that config names. */
  subnets: SubnetFacts[];
  /** Those that config names, and those of the subnets that it names. */
  routeTables: RouteTableFacts[];
}

/** A subnet, as EC2's DescribeSubnets has it. */
export interface SubnetFacts {
  id: string;
  vpcId: string;
  zone: string;
  /** IPv4 CIDR; undefined for a subnet of IPv6 only. */
  cidr?: string;
  /** Free addresses. */
  free: number;
  /** Whether it has this stack's tags. */
  ours: boolean;
  /** Its route table, the VPC's main one where it has none of its own. */
  routeTableId?: string;
}

/** A route table, as EC2's DescribeRouteTables has it. */
export interface RouteTableFacts {
  id: string;
  vpcId: string;
  /** Whether it is for every subnet that has no table of its own. */
  main: boolean;
  /** Subnets that are associated with it. */
  subnetIds: string[];
  /** Routes to IPv4 CIDRs, without the VPC's own and without those that a virtual private gateway announces. */
  routes: RouteFacts[];
}

/** A route to an IPv4 CIDR. */
export interface RouteFacts {
  cidr: string;
  /** ID of what it leads to: an internet gateway's begins with `igw-`, an interface's with `eni-`. */
  target: string;
  /** The interface that it leads to; undefined where it leads to none, or to one that is gone. */
  nic?: NicFacts;
}

/** Whether it leads everywhere that no other route does. */
export function isDefault({ cidr }: Pick<RouteFacts, "cidr">): boolean {
  return cidr === EVERYWHERE;
}

/** The network interface that a route leads to. */
export interface NicFacts {
  /** Whether it has this stack's tags, as a server's has; a gateway's has none. */
  ours: boolean;
  /** Of an interface that a default route leads to. */
  subnetId?: string;
}

/** The VPC's CIDRs as numbers. */
export function networksOf({ cidrs }: Pick<VpcFacts, "cidrs">): Cidr[] {
  return cidrs.map(parseCidr);
}
