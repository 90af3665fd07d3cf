import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { GatewayPlan } from "../plan/gateways.ts";
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
  /** Zones with their servers' subnets; each has a `subnetId` where the VPC exists. */
  zones: Zone[];
  /** The gateways that the network has room for: each brings a subnet of its own and one for the balancer. */
  gateways: GatewayPlan[];
}

/** What a zone with a gateway has besides its servers' subnet. */
export interface FrontSubnets {
  /** Public. */
  gatewayId: pulumi.Output<string>;
  balancerId: pulumi.Output<string>;
}

/**
 * Where machines stand: a VPC with an internet gateway, and by zone a subnet for servers, with a gateway also one for
 * it and one for the balancer; or the subnets of a VPC that exists, whose own route to an internet gateway is then
 * taken for granted. The default routes of servers and balancer are not here: the front door decides them.
 *
 *     public table       ─ default: internet gateway    ◀─ gateways' subnets
 *     table of a zone    ─ default: the front door's    ◀─ its servers' subnet
 *     balancer's table   ─ default: the zone's gateway  ◀─ the balancer's subnet there
 *
 * Costs nothing by itself.
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** The servers' subnets, by zone's name. */
  readonly subnetIds: Record<string, pulumi.Output<string>>;
  /** By zone's name. */
  readonly front: Record<string, FrontSubnets>;
  /** What must stand before anything in a public subnet can reach the internet (trap 40). */
  readonly routes: pulumi.Resource[];
  /** The internet gateway; none where the VPC exists. */
  readonly internetGatewayId: pulumi.Output<string> | undefined;
  /** Tables that want a default route from the front door, by zone's name; none where the VPC exists. */
  readonly serverTableIds: Record<string, pulumi.Output<string>>;
  readonly balancerTableIds: Record<string, pulumi.Output<string>>;
  /** Route tables that may lead to clients, by a name that stays. */
  readonly routeTableIds: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:network:Network", name, {}, opts);
    if (args.vpcId === undefined) {
      const { owner, gateways } = args;
      const vpc = this.vpc(name, args);
      this.defaultGroup(name, owner, vpc);
      const internet = this.internetGateway(name, args, vpc);
      const open = this.table(name, owner, vpc, "public");
      const route = this.internetRoute(name, open, internet);
      const servers = args.zones.map((zone) => this.serverSubnet(name, owner, vpc, zone));
      const front = gateways.map((gateway) => this.frontSubnets(name, owner, vpc, open, gateway));
      this.vpcId = vpc.id;
      this.internetGatewayId = internet.id;
      this.subnetIds = byZone(args.zones.map((zone, i) => [zone.name, servers[i]!.subnet.id]));
      this.serverTableIds = byZone(args.zones.map((zone, i) => [zone.name, servers[i]!.table.id]));
      this.front = byZone(
        gateways.map(({ zone }, i) => [
          zone,
          { gatewayId: front[i]!.gateway.id, balancerId: front[i]!.balancer.id },
        ]),
      );
      this.balancerTableIds = byZone(gateways.map(({ zone }, i) => [zone, front[i]!.table.id]));
      this.routes = [internet, route, ...[...servers, ...front].flatMap(({ associations }) => associations)];
      this.routeTableIds = Object.fromEntries([
        ["public", open.id],
        ...args.zones.map((zone, i) => [letter(zone.name), servers[i]!.table.id]),
      ]);
    } else {
      this.vpcId = pulumi.output(args.vpcId);
      this.internetGatewayId = undefined;
      this.subnetIds = byZone(args.zones.map((zone) => [zone.name, pulumi.output(zone.subnetId!)]));
      this.serverTableIds = {};
      this.balancerTableIds = {};
      this.front = {};
      this.routes = [];
      this.routeTableIds = byZone((args.routeTableIds ?? []).map((id) => [id, pulumi.output(id)]));
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

  /** Every VPC comes with a group that lets its members talk; taken over, it has no rule. */
  private defaultGroup(name: string, owner: Owner, vpc: aws.ec2.Vpc): aws.ec2.DefaultSecurityGroup {
    return new aws.ec2.DefaultSecurityGroup(
      name,
      { vpcId: vpc.id, tags: tags(owner, "default-closed") },
      { parent: this },
    );
  }

  private internetGateway(name: string, { owner }: NetworkArgs, vpc: aws.ec2.Vpc): aws.ec2.InternetGateway {
    return new aws.ec2.InternetGateway(
      name,
      { vpcId: vpc.id, tags: tags(owner, "internet") },
      // Another VPC gets another one: AWS lets none go while anybody behind it has a public address.
      { parent: this, replaceOnChanges: ["vpcId"] },
    );
  }

  private internetRoute(name: string, table: aws.ec2.RouteTable, gateway: aws.ec2.InternetGateway) {
    return new aws.ec2.Route(
      `${name}-internet`,
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      { parent: this },
    );
  }

  private serverSubnet(name: string, owner: Owner, vpc: aws.ec2.Vpc, zone: Zone) {
    const own = `${name}-${letter(zone.name)}`;
    const role = `servers-${letter(zone.name)}`;
    const table = this.table(own, owner, vpc, role);
    const subnet = this.subnet(own, owner, vpc, { zone: zone.name, cidr: zone.subnetCidr, role });
    return { subnet, table, associations: [this.association(own, subnet, table)] };
  }

  private frontSubnets(
    name: string,
    owner: Owner,
    vpc: aws.ec2.Vpc,
    open: aws.ec2.RouteTable,
    { zone, subnetCidr, balancerCidr }: GatewayPlan,
  ) {
    const [forGateway, forBalancer] = [`gateway-${letter(zone)}`, `balancer-${letter(zone)}`];
    const table = this.table(`${name}-${forBalancer}`, owner, vpc, forBalancer);
    const gateway = this.subnet(`${name}-${forGateway}`, owner, vpc, {
      zone,
      cidr: subnetCidr,
      role: forGateway,
    });
    const balancer = this.subnet(`${name}-${forBalancer}`, owner, vpc, {
      zone,
      cidr: balancerCidr,
      role: forBalancer,
    });
    const associations = [
      this.association(`${name}-${forGateway}`, gateway, open),
      this.association(`${name}-${forBalancer}`, balancer, table),
    ];
    return { gateway, balancer, table, associations };
  }

  private table(name: string, owner: Owner, vpc: aws.ec2.Vpc, role: string): aws.ec2.RouteTable {
    return new aws.ec2.RouteTable(name, { vpcId: vpc.id, tags: tags(owner, role) }, { parent: this });
  }

  private subnet(
    name: string,
    owner: Owner,
    vpc: aws.ec2.Vpc,
    { zone, cidr, role }: { zone: string; cidr: string; role: string },
  ): aws.ec2.Subnet {
    return new aws.ec2.Subnet(
      name,
      {
        vpcId: vpc.id,
        availabilityZone: zone,
        cidrBlock: cidr,
        // A public address is an Elastic IP, or asked for by name; nothing gets one by accident.
        mapPublicIpOnLaunch: false,
        tags: tags(owner, role),
      },
      { parent: this },
    );
  }

  private association(name: string, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable) {
    return new aws.ec2.RouteTableAssociation(
      name,
      { subnetId: subnet.id, routeTableId: table.id },
      { parent: this },
    );
  }
}

/** `a` of `eu-west-1a`. */
function letter(zone: string): string {
  return zone.at(-1)!;
}

function byZone<T>(entries: [zone: string, value: T][]): Record<string, T> {
  return Object.fromEntries(entries);
}
