import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { letter } from "../../plan/place/identity.ts";
import { named } from "../tags.ts";
import { namedSubnets } from "./named-subnets.ts";
import { type EnclosingVpc, ownSubnets } from "./own-subnets.ts";
import { byName, type FrontSubnetIds, type NetworkArgs, type NetworkOutputs } from "./subnets.ts";

/**
 * Where machines stand: by zone a subnet for servers, with a gateway also one for it and one for the balancer. They are
 * made in a VPC of our own, with an internet gateway, or in CIDRs of a VPC that exists; or they are subnets of a VPC that
 * exists, of whose route tables the front door gets those that config names. Of an existing VPC nothing else changes.
 * The default routes of servers and balancer are not here: the front door decides them.
 *
 *     public table       ─ default: internet gateway    ◀─ gateways' subnets
 *     table of a zone    ─ default: the front door's    ◀─ its servers' subnet
 *     balancer's table   ─ default: the zone's gateway  ◀─ the balancer's subnet there
 *
 * A VPC of our own has an endpoint for S3 in all of its tables but the balancer's: so machines fetch from the stack's bucket past
 * every gateway, and for nothing.
 *
 * Costs nothing by itself.
 */
export class Network extends pulumi.ComponentResource implements NetworkOutputs {
  readonly vpcId: pulumi.Output<string>;
  readonly subnetIds: Record<string, pulumi.Output<string>>;
  readonly front: Record<string, FrontSubnetIds>;
  readonly routes: pulumi.Resource[];
  readonly internetGatewayId: pulumi.Output<string> | undefined;
  readonly serverTableIds: Record<string, pulumi.Output<string>>;
  readonly balancerTableIds: Record<string, pulumi.Output<string>>;
  readonly routeTableIds: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:network:Network", name, {}, opts);
    const { existing } = args;
    const place =
      existing !== undefined && existing.internetGatewayId === undefined
        ? namedSubnets(args, existing.vpcId)
        : ownSubnets(this, name, args, this.enclosingVpc(name, args));
    this.vpcId = place.vpcId;
    this.internetGatewayId = place.internetGatewayId;
    this.subnetIds = place.subnetIds;
    this.front = place.front;
    this.serverTableIds = place.serverTableIds;
    this.balancerTableIds = place.balancerTableIds;
    this.routes = [...place.routes, ...(existing === undefined ? [this.s3Endpoint(name, args, place)] : [])];
    const existingTables = existing?.routeTableIds ?? [];
    this.routeTableIds = {
      ...place.routeTableIds,
      ...byName(existingTables.map((id) => [id, pulumi.output(id)])),
    };
    this.registerOutputs({ vpcId: this.vpcId, subnetIds: this.subnetIds });
  }

  /** Every subnet that machines or the balancer stand in, by a name that stays. */
  subnets(): Record<string, { subnetId: pulumi.Output<string> }> {
    return Object.fromEntries([
      ...Object.entries(this.subnetIds).map(([zone, subnetId]) => [letter(zone), { subnetId }]),
      ...Object.entries(this.front).flatMap(([zone, { gatewayId, balancerId }]) => [
        [`gateway-${letter(zone)}`, { subnetId: gatewayId }],
        [`balancer-${letter(zone)}`, { subnetId: balancerId }],
      ]),
    ]);
  }

  /** The VPC that exists, or one of our own. */
  private enclosingVpc(name: string, args: NetworkArgs): EnclosingVpc {
    const { vpcId, internetGatewayId } = args.existing ?? {};
    if (vpcId !== undefined && internetGatewayId !== undefined) return { vpcId, internetGatewayId, made: [] };
    const vpc = this.vpc(name, args);
    this.defaultGroup(name, vpc);
    const internet = this.internetGateway(name, vpc);
    return { vpcId: vpc.id, internetGatewayId: internet.id, made: [internet] };
  }

  private vpc(name: string, { vpcCidr }: NetworkArgs): aws.ec2.Vpc {
    return new aws.ec2.Vpc(
      name,
      { cidrBlock: vpcCidr, enableDnsSupport: true, enableDnsHostnames: true, tags: named("vpc") },
      { parent: this },
    );
  }

  /**
   * Its policy is AWS's own, which lets everything through: what clients ask of anybody's buckets goes this way too, under their
   * server's address (`nat`). Clients that keep theirs would be dropped here, as the endpoint answers the VPC only; but they
   * reach private networks and no S3 (settings/rules/groups.ts).
   */
  private s3Endpoint(
    name: string,
    { region }: NetworkArgs,
    { vpcId, routeTableIds }: NetworkOutputs,
  ): aws.ec2.VpcEndpoint {
    return new aws.ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId,
        vpcEndpointType: "Gateway",
        serviceName: `com.amazonaws.${region}.s3`,
        routeTableIds: Object.values(routeTableIds),
        tags: named("s3"),
      },
      { parent: this },
    );
  }

  /** Every VPC comes with a group that lets its members talk; taken over, it has no rule. */
  private defaultGroup(name: string, vpc: aws.ec2.Vpc): aws.ec2.DefaultSecurityGroup {
    return new aws.ec2.DefaultSecurityGroup(
      name,
      { vpcId: vpc.id, tags: named("default-closed") },
      { parent: this },
    );
  }

  private internetGateway(name: string, vpc: aws.ec2.Vpc): aws.ec2.InternetGateway {
    return new aws.ec2.InternetGateway(
      name,
      { vpcId: vpc.id, tags: named("internet") },
      // Another VPC gets another one: AWS lets none go while anybody behind it has a public address.
      { parent: this, replaceOnChanges: ["vpcId"] },
    );
  }
}
