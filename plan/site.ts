/** What AWS said of the place where the fleet stands: plain facts, asked for once (components/ask.ts). */
import type { Settings } from "../settings/schema.ts";

export interface Site {
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
  /** IPv4 CIDR of the VPC. */
  vpcCidr: string;
  /** In the order in which servers are dealt to them. */
  zones: Zone[];
}

export interface Zone {
  /** Such as `eu-west-1a`. */
  name: string;
  /** Set for a subnet that exists already. */
  subnetId?: string;
  /** IPv4 CIDR of the servers' subnet. */
  subnetCidr: string;
}

/** As EC2 names it. */
export type Architecture = "x86_64" | "arm64";

/** vCPUs of each instance type that the fleet has. */
export function vcpusByType(
  { instanceType, gatewayInstanceType }: Pick<Settings, "instanceType" | "gatewayInstanceType">,
  { vcpus, gatewayVcpus = vcpus }: Pick<Site, "vcpus" | "gatewayVcpus">,
): Record<string, number> {
  return { [gatewayInstanceType]: gatewayVcpus, [instanceType]: vcpus };
}
