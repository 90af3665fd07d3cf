import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Zone } from "../plan/site.ts";
import { type Owner, tags } from "./tags.ts";

export interface NetworkArgs {
  owner: Owner;
  /** An existing VPC's ID; without it one is made. */
  vpcId?: string;
  /** Its route tables that shall lead to clients, where these keep their addresses. */
  routeTableIds?: string[];
  /** IPv4 CIDR of the VPC. */
  vpcCidr: string;
  /** Zones with their subnets; each has a `subnetId` where the VPC exists. */
  zones: Zone[];
}

/**
 * Where servers stand: a VPC with one subnet a zone, an internet gateway and the route to it; or the subnets of
 * a VPC that exists, whose own route to an internet gateway is then taken for granted.
 *
 * Costs nothing by itself.
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** By zone's name. */
  readonly subnetIds: Record<string, pulumi.Output<string>>;
  /** What must stand before anything in the subnets can reach the internet (trap 40). */
  readonly routes: pulumi.Resource[];
  /** Route tables that may lead to clients, by a name that stays. */
  readonly routeTableIds: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:network:Network", name, {}, opts);
    if (args.vpcId === undefined) {
      const vpc = this.vpc(name, args);
      const gateway = this.internetGateway(name, args, vpc);
      const table = this.routeTable(name, args, vpc);
      const route = this.defaultRoute(name, table, gateway);
      const subnets = args.zones.map((zone) => this.subnet(name, args, vpc, zone));
      const associations = subnets.map((subnet, i) => this.association(name, args.zones[i]!, subnet, table));
      this.vpcId = vpc.id;
      this.subnetIds = Object.fromEntries(args.zones.map((zone, i) => [zone.name, subnets[i]!.id]));
      this.routes = [gateway, route, ...associations];
      this.routeTableIds = { public: table.id };
    } else {
      this.vpcId = pulumi.output(args.vpcId);
      this.subnetIds = Object.fromEntries(
        args.zones.map((zone) => [zone.name, pulumi.output(zone.subnetId!)]),
      );
      this.routes = [];
      this.routeTableIds = Object.fromEntries(
        (args.routeTableIds ?? []).map((id) => [id, pulumi.output(id)]),
      );
    }
    this.registerOutputs({ vpcId: this.vpcId, subnetIds: this.subnetIds });
  }

  private vpc(name: string, { owner, vpcCidr }: NetworkArgs): aws.ec2.Vpc {
    return new aws.ec2.Vpc(
      name,
      { cidrBlock: vpcCidr, enableDnsSupport: true, enableDnsHostnames: true, tags: tags(owner, "vpc") },
      { parent: this },
    );
  }

  private internetGateway(name: string, { owner }: NetworkArgs, vpc: aws.ec2.Vpc): aws.ec2.InternetGateway {
    return new aws.ec2.InternetGateway(
      name,
      { vpcId: vpc.id, tags: tags(owner, "internet") },
      { parent: this },
    );
  }

  private routeTable(name: string, { owner }: NetworkArgs, vpc: aws.ec2.Vpc): aws.ec2.RouteTable {
    return new aws.ec2.RouteTable(name, { vpcId: vpc.id, tags: tags(owner, "public") }, { parent: this });
  }

  private defaultRoute(
    name: string,
    table: aws.ec2.RouteTable,
    gateway: aws.ec2.InternetGateway,
  ): aws.ec2.Route {
    return new aws.ec2.Route(
      `${name}-internet`,
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      { parent: this },
    );
  }

  private subnet(name: string, { owner }: NetworkArgs, vpc: aws.ec2.Vpc, zone: Zone): aws.ec2.Subnet {
    const letter = zone.name.at(-1)!;
    return new aws.ec2.Subnet(
      `${name}-${letter}`,
      {
        vpcId: vpc.id,
        availabilityZone: zone.name,
        cidrBlock: zone.subnetCidr,
        // A server's public address is its Elastic IP; nothing gets another by accident.
        mapPublicIpOnLaunch: false,
        tags: tags(owner, `servers-${letter}`),
      },
      { parent: this },
    );
  }

  private association(name: string, zone: Zone, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable) {
    return new aws.ec2.RouteTableAssociation(
      `${name}-${zone.name.at(-1)}`,
      { subnetId: subnet.id, routeTableId: table.id },
      { parent: this },
    );
  }
}
