/** Subnets of a VPC that exists, by the names that config gives: nothing is made, and their tables are the VPC's. */
import * as pulumi from "@pulumi/pulumi";
import { byName, type NetworkArgs, type NetworkOutputs } from "./subnets.ts";

export function namedSubnets({ zones, gateways }: NetworkArgs, vpcId: string): NetworkOutputs {
  const fronts = gateways.map(({ zone }) => zones.find(({ name }) => name === zone)!);
  const tables = fronts.map(({ name, front }) => ({ name, ...front!.tables! }));
  return {
    vpcId: pulumi.output(vpcId),
    // Their own routes lead there.
    internetGatewayId: undefined,
    subnetIds: byName(zones.map((zone) => [zone.name, pulumi.output(zone.subnetId!)])),
    front: byName(
      fronts.map(({ name, front }) => [
        name,
        {
          gatewayId: pulumi.output(front!.gateway.subnetId!),
          balancerId: pulumi.output(front!.balancer.subnetId!),
        },
      ]),
    ),
    serverTableIds: byName(tables.map(({ name, servers }) => [name, pulumi.output(servers)])),
    // A table that is both has one default route.
    balancerTableIds: byName(
      tables
        .filter(({ servers, balancer }) => servers !== balancer)
        .map(({ name, balancer }) => [name, pulumi.output(balancer)]),
    ),
    routes: [],
    routeTableIds: {},
  };
}
