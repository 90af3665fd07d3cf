/** A network's arguments, and what it offers to whoever stands in it. */
import type * as pulumi from "@pulumi/pulumi";
import type { GatewayPlan } from "../../plan/front-door/gateways.ts";
import type { Zone } from "../../plan/place/aws-facts.ts";

export interface NetworkArgs {
  /** A VPC that exists; without it one is made. */
  existing?: ExistingVpc;
  /** AWS's, such as `eu-west-1`. */
  region: string;
  /** IPv4 CIDR of the VPC. */
  vpcCidr: string;
  /** Zones with their servers' subnets; each has a `subnetId` where that exists. */
  zones: Zone[];
  /** The gateways that the network has room for: each brings a subnet of its own and one for the balancer. */
  gateways: GatewayPlan[];
}

export interface ExistingVpc {
  vpcId: string;
  /** Its internet gateway; left out where its subnets are used, whose own routes lead there. */
  internetGatewayId?: string;
  /** Its route tables that shall lead to clients, where these keep their addresses. */
  routeTableIds: string[];
}

/** What a zone with a gateway has besides its servers' subnet. */
export interface FrontSubnetIds {
  /** Public. */
  gatewayId: pulumi.Output<string>;
  balancerId: pulumi.Output<string>;
}

/** What a network has to offer, whoever made it. */
export interface NetworkOutputs {
  readonly vpcId: pulumi.Output<string>;
  /** The servers' subnets, by zone's name. */
  readonly subnetIds: Record<string, pulumi.Output<string>>;
  /** By zone's name. */
  readonly front: Record<string, FrontSubnetIds>;
  /**
   * What must stand before anything in a public subnet can reach the internet
   * (traps: instance-boots-before-its-routes).
   */
  readonly routes: pulumi.Resource[];
  /** The internet gateway; none where the subnets exist. */
  readonly internetGatewayId: pulumi.Output<string> | undefined;
  /** Tables that want a default route from the front door, by zone's name. */
  readonly serverTableIds: Record<string, pulumi.Output<string>>;
  /** The same of the balancer's subnets; none where it is their servers'. */
  readonly balancerTableIds: Record<string, pulumi.Output<string>>;
  /** Route tables that may lead to clients, by a name that stays. */
  readonly routeTableIds: Record<string, pulumi.Output<string>>;
}

export function byName<T>(entries: [name: string, value: T][]): Record<string, T> {
  return Object.fromEntries(entries);
}
