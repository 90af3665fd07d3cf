/** Subnets and route tables of the stack's own, in its own VPC or in free CIDRs of one that exists. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { GatewayPlan } from "../../plan/front-door/gateways.ts";
import type { Zone } from "../../plan/place/aws-facts.ts";
import { letter } from "../../plan/place/identity.ts";
import { named } from "../tags.ts";
import { byName, type NetworkArgs, type NetworkOutputs } from "./subnets.ts";

/** The VPC that the stack's own subnets lie in. */
export interface EnclosingVpc {
  vpcId: pulumi.Input<string>;
  internetGatewayId: pulumi.Input<string>;
  /** The internet gateway, where it is made too. */
  made: pulumi.Resource[];
}

export function ownSubnets(
  parent: pulumi.Resource,
  name: string,
  { zones, gateways }: NetworkArgs,
  enclosing: EnclosingVpc,
): NetworkOutputs {
  const { vpcId, internetGatewayId, made } = enclosing;
  const publicTable = routeTable(parent, name, vpcId, "public");
  const route = internetRoute(parent, name, publicTable, internetGatewayId);
  const servers = zones.map((zone) => serverSubnet(parent, name, vpcId, zone));
  const front = gateways.map((gateway) => frontSubnets(parent, name, vpcId, publicTable, gateway));
  return {
    vpcId: pulumi.output(vpcId),
    internetGatewayId: pulumi.output(internetGatewayId),
    subnetIds: byName(zones.map((zone, i) => [zone.name, servers[i]!.subnet.id])),
    serverTableIds: byName(zones.map((zone, i) => [zone.name, servers[i]!.table.id])),
    front: byName(
      gateways.map(({ zone }, i) => [
        zone,
        { gatewayId: front[i]!.gateway.id, balancerId: front[i]!.balancer.id },
      ]),
    ),
    balancerTableIds: byName(gateways.map(({ zone }, i) => [zone, front[i]!.table.id])),
    routes: [...made, route, ...[...servers, ...front].flatMap(({ associations }) => associations)],
    routeTableIds: byName([
      ["public", publicTable.id],
      ...zones.map((zone, i): [string, pulumi.Output<string>] => [letter(zone.name), servers[i]!.table.id]),
    ]),
  };
}

function internetRoute(
  parent: pulumi.Resource,
  name: string,
  table: aws.ec2.RouteTable,
  gatewayId: pulumi.Input<string>,
) {
  return new aws.ec2.Route(
    `${name}-internet`,
    { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId },
    { parent },
  );
}

function serverSubnet(parent: pulumi.Resource, name: string, vpcId: pulumi.Input<string>, zone: Zone) {
  const own = `${name}-${letter(zone.name)}`;
  const role = `servers-${letter(zone.name)}`;
  const table = routeTable(parent, own, vpcId, role);
  const subnet = makeSubnet(parent, own, vpcId, { zone: zone.name, cidr: zone.subnetCidr, role });
  return { subnet, table, associations: [association(parent, own, subnet, table)] };
}

function frontSubnets(
  parent: pulumi.Resource,
  name: string,
  vpcId: pulumi.Input<string>,
  publicTable: aws.ec2.RouteTable,
  { zone, subnetCidr, balancerCidr }: GatewayPlan,
) {
  const [forGateway, forBalancer] = [`gateway-${letter(zone)}`, `balancer-${letter(zone)}`];
  const table = routeTable(parent, `${name}-${forBalancer}`, vpcId, forBalancer);
  const gateway = makeSubnet(parent, `${name}-${forGateway}`, vpcId, {
    zone,
    cidr: subnetCidr,
    role: forGateway,
  });
  const balancer = makeSubnet(parent, `${name}-${forBalancer}`, vpcId, {
    zone,
    cidr: balancerCidr,
    role: forBalancer,
  });
  const associations = [
    association(parent, `${name}-${forGateway}`, gateway, publicTable),
    association(parent, `${name}-${forBalancer}`, balancer, table),
  ];
  return { gateway, balancer, table, associations };
}

function routeTable(
  parent: pulumi.Resource,
  name: string,
  vpcId: pulumi.Input<string>,
  role: string,
): aws.ec2.RouteTable {
  return new aws.ec2.RouteTable(name, { vpcId, tags: named(role) }, { parent });
}

function makeSubnet(
  parent: pulumi.Resource,
  name: string,
  vpcId: pulumi.Input<string>,
  { zone, cidr, role }: { zone: string; cidr: string; role: string },
): aws.ec2.Subnet {
  return new aws.ec2.Subnet(
    name,
    {
      vpcId,
      availabilityZone: zone,
      cidrBlock: cidr,
      // A public address is an Elastic IP, or asked for by name; nothing gets one by accident.
      mapPublicIpOnLaunch: false,
      tags: named(role),
    },
    { parent },
  );
}

function association(
  parent: pulumi.Resource,
  name: string,
  subnet: aws.ec2.Subnet,
  table: aws.ec2.RouteTable,
) {
  return new aws.ec2.RouteTableAssociation(name, { subnetId: subnet.id, routeTableId: table.id }, { parent });
}
