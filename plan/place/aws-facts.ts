/** What AWS said of the place where the fleet stands: plain facts, asked for once (components/ask/ask.ts). */
import type { Settings } from "../../settings/schema.ts";

/** Of one region and one VPC; vCPUs are EC2's default count of the type. */
export interface AwsFacts {
  /** ID of the AWS account: twelve digits. */
  account: string;
  /** Such as `eu-west-1`. */
  region: string;
  architecture: Architecture;
  /** Of the instance type. */
  vcpus: number;
  /** Of the gateways' instance type, where that is another. */
  gatewayVcpus?: number;
  /** The image that a new server starts from. */
  amiId: string;
  /** Set for a VPC that exists already. */
  vpcId?: string;
  /** IPv4 CIDR of the VPC: its first. */
  vpcCidr: string;
  /** Its others. @default none */
  secondaryCidrs?: string[];
  /** The internet gateway of a VPC that exists, where the stack makes subnets of its own there. */
  internetGatewayId?: string;
  /** In the order in which servers are dealt to them. */
  zones: Zone[];
}

/** The part of the facts that is the network's, of a VPC of our own or of one that exists. */
export type NetworkFacts = Pick<
  AwsFacts,
  "region" | "vpcId" | "vpcCidr" | "secondaryCidrs" | "internetGatewayId" | "zones"
>;

/** An availability zone that the fleet has servers in. */
export interface Zone {
  /** Such as `eu-west-1a`. */
  name: string;
  /** Set for a subnet that exists already. */
  subnetId?: string;
  /** IPv4 CIDR of the servers' subnet. */
  subnetCidr: string;
  /** The gateway's and the balancer's. @default those of a VPC of our own (plan/place/addresses.ts) */
  front?: FrontSubnets;
}

/** The subnets of a zone's gateway and balancer node, in a VPC that exists. */
export interface FrontSubnets {
  gateway: FrontSubnet;
  balancer: FrontSubnet;
  /** IDs of the named subnets' own route tables, which may be one; set where the subnets exist. */
  tables?: { servers: string; balancer: string };
}

/** The subnet of a gateway or of a balancer's node. */
export interface FrontSubnet {
  /** IPv4 CIDR. */
  cidr: string;
  /** Set for a subnet that exists already. */
  subnetId?: string;
}

/** Every IPv4 CIDR of the VPC. */
export function vpcCidrs({
  vpcCidr,
  secondaryCidrs = [],
}: Pick<AwsFacts, "vpcCidr" | "secondaryCidrs">): string[] {
  return [vpcCidr, ...secondaryCidrs];
}

/** As EC2 names it. */
export type Architecture = "x86_64" | "arm64";

/** vCPUs of each instance type that the fleet has. */
export function vcpusByType(
  { instanceType, gatewayInstanceType }: Pick<Settings, "instanceType" | "gatewayInstanceType">,
  { vcpus, gatewayVcpus = vcpus }: Pick<AwsFacts, "vcpus" | "gatewayVcpus">,
): Record<string, number> {
  return { [gatewayInstanceType]: gatewayVcpus, [instanceType]: vcpus };
}
