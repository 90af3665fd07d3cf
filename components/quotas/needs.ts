/**
 * What a fleet wants of each quota, counted from its resources themselves: as the program registers them, and as
 * offline/program.ts records them. A reference is compared and never read, so that it may be an ID or an output.
 */

import { ByType } from "../../graph/by-type.ts";
import type { Inputs } from "../../graph/properties.ts";
import {
  BALANCER,
  BUCKET,
  DEFAULT_GROUP,
  EGRESS_RULE,
  EIP,
  EIP_ASSOCIATION,
  HEALTH_CHECK,
  INGRESS_RULE,
  INSTANCE,
  INSTANCE_PROFILE,
  INTERNET_GATEWAY,
  NETWORK_INTERFACE,
  RECORD,
  ROLE,
  ROUTE,
  ROUTE_TABLE,
  SECRET,
  SECURITY_GROUP,
  SUBNET,
  TARGET,
  TARGET_GROUP,
  type Type,
  VPC,
  VPC_ENDPOINT,
} from "../../graph/types.ts";
import { type OnDemand, onDemand, onDemandOf } from "../../plan/quotas/on-demand.ts";
import { type Needs, type QuotaKey, quotaKeys } from "../../plan/quotas/quotas.ts";

/** A resource as it was asked for. */
export interface Registered {
  type: string;
  name: string;
  /** What others refer to it by; none of a component. */
  id: unknown;
  inputs: object;
}

/** The same, of a type that is known. What its inputs have for an ID or an ARN may be an output here. */
type Asked<T extends Type = Type> = {
  [Each in T]: { type: Each; name: string; id: unknown; inputs: Inputs<Each> };
}[T];

type Graph = ByType<Asked>;

type Need = Needs[QuotaKey];

/** @param vcpus By instance type. */
export function quotaNeeds(resources: Registered[], vcpus: Record<string, number>): Needs {
  const graph: Graph = new ByType(resources as Asked[]);
  const count = (...types: Type[]) => graph.all(...types).length;
  const instances = graph.all(INSTANCE).map(({ inputs }) => inputs);
  const classes = Object.keys(onDemand).map((key): [OnDemand, Need] => [
    key as OnDemand,
    {
      count: sum(
        instances
          .filter(({ instanceType }) => onDemandOf(instanceType) === key)
          .map(({ instanceType }) => vcpusOf(vcpus, instanceType)),
      ),
    },
  ]);
  const needs: Record<Exclude<QuotaKey, OnDemand>, Need> = {
    elasticIps: elasticIps(graph),
    rulesPerGroup: rulesPerGroup(graph),
    routesPerTable: most(
      graph.all(ROUTE),
      ({ inputs }) => inputs.routeTableId,
      named(graph.all(ROUTE_TABLE)),
    ),
    networkInterfaces: interfacesPerZone(graph),
    groupsPerInterface: {
      count: Math.max(0, ...holders(graph).map(({ groups }) => groups.length)),
    },
    // Each VPC comes with one of its own.
    securityGroups: { count: count(SECURITY_GROUP, DEFAULT_GROUP) },
    vpcs: { count: count(VPC) },
    internetGateways: { count: count(INTERNET_GATEWAY) },
    subnetsPerVpc: { count: count(SUBNET) },
    // The main route table of the VPC counts.
    routeTablesPerVpc: { count: count(ROUTE_TABLE, VPC) },
    balancers: { count: count(BALANCER) },
    targetGroups: { count: count(TARGET_GROUP) },
    targetsPerZone: targetsPerZone(graph),
    targetsPerBalancer: { count: count(TARGET) },
    targetsPerGroup: most(graph.all(TARGET), ({ inputs }) => inputs.targetGroupArn),
    healthChecks: { count: count(HEALTH_CHECK) },
    recordsPerName: most(graph.all(RECORD), ({ inputs }) => `${inputs.name} ${inputs.type}`, asItIs),
    recordsPerZone: most(graph.all(RECORD), ({ inputs }) => inputs.zoneId, asItIs),
    volumes: {
      count: Math.ceil(sum(instances.map(({ rootBlockDevice }) => rootBlockDevice.volumeSize!)) / GIB),
    },
    gatewayEndpoints: { count: count(VPC_ENDPOINT) },
    buckets: { count: count(BUCKET) },
    secrets: { count: count(SECRET) },
    roles: { count: count(ROLE) },
    instanceProfiles: { count: count(INSTANCE_PROFILE) },
  };
  const found = { ...Object.fromEntries(classes), ...needs } as Needs;
  return Object.fromEntries(quotaKeys.map((key) => [key, found[key]])) as Needs;
}

/** In a TiB. */
const GIB = 1024;

function vcpusOf(vcpus: Record<string, number>, instanceType: string): number {
  const known = vcpus[instanceType];
  if (known === undefined) throw new Error(`nobody said how many vCPUs ${instanceType} has`);
  return known;
}

/** Those that exist already are known by their associations. */
function elasticIps(graph: Graph): Need {
  const associated = graph.all(EIP_ASSOCIATION).map(({ inputs }) => inputs.allocationId);
  return { count: new Set([...graph.all(EIP).map(({ id }) => id), ...associated]).size };
}

function rulesPerGroup(graph: Graph): Need {
  const groups = named(graph.all(SECURITY_GROUP));
  const ways = { inbound: INGRESS_RULE, outbound: EGRESS_RULE } as const;
  return largest(
    Object.entries(ways).map(([way, type]) => {
      const owners = graph.all(type).map(({ inputs }) => inputs.securityGroupId);
      const { count, of } = most(owners, (group) => group, groups);
      return { count, ...(of === undefined ? {} : { of: `${of}, ${way}` }) };
    }),
  );
}

/** Whatever has a network interface, with its subnets and groups; an instance on one that is made apart has none of its own. */
function holders(graph: Graph): { subnets: unknown[]; groups: unknown[] }[] {
  return [
    ...graph
      .all(NETWORK_INTERFACE)
      .map(({ inputs }) => ({ subnets: [inputs.subnetId], groups: inputs.securityGroups })),
    ...graph
      .all(INSTANCE)
      .filter(({ inputs }) => inputs.primaryNetworkInterface === undefined)
      .map(({ inputs }) => ({ subnets: [inputs.subnetId], groups: inputs.vpcSecurityGroupIds ?? [] })),
    // One in each of its subnets.
    ...graph.all(BALANCER).map(({ inputs }) => ({
      subnets: inputs.subnetMappings.map(({ subnetId }) => subnetId),
      groups: inputs.securityGroups,
    })),
  ];
}

function interfacesPerZone(graph: Graph): Need {
  const zones = new Map<unknown, string>(
    graph.all(SUBNET).map(({ id, inputs }) => [id, inputs.availabilityZone]),
  );
  const places = holders(graph).flatMap(({ subnets }) => subnets);
  // A subnet that exists counts by itself: with `nlb` its zone has the gateway's and the node's more, of 5,000.
  const zoneOf = (subnet: unknown) => zones.get(subnet) ?? subnet;
  const known = new Set<unknown>(zones.values());
  return most(places, zoneOf, (zone) => (known.has(zone) ? asItIs(zone) : undefined));
}

/** A target is an address, whose interface tells the zone. */
function targetsPerZone(graph: Graph): Need {
  const subnets = new Map(
    graph
      .all(NETWORK_INTERFACE)
      .flatMap(({ inputs }) => inputs.privateIps.map((address) => [address, inputs.subnetId] as const)),
  );
  return most(graph.all(TARGET), ({ inputs }) => subnets.get(inputs.targetId));
}

/** What a key is called, where it can be said. */
type Name = (key: unknown) => string | undefined;

/** By ID. */
function named(resources: { id: unknown; name: string }[]): Name {
  const names = new Map(resources.map(({ id, name }) => [id, name]));
  return (id) => names.get(id);
}

const asItIs: Name = (key) => String(key);

/** How many have the same key, where that is most. */
function most<T>(items: T[], keyOf: (item: T) => unknown, nameOf: Name = () => undefined): Need {
  return largest(
    [...Map.groupBy(items, keyOf)].map(([key, { length }]) => {
      const of = nameOf(key);
      return { count: length, ...(of === undefined ? {} : { of }) };
    }),
  );
}

/** Of several as large, the first by name: whichever order they come in, it is the same. */
function largest(needs: Need[]): Need {
  const [first] = needs.toSorted((a, b) => b.count - a.count || ((a.of ?? "") < (b.of ?? "") ? -1 : 1));
  return first ?? { count: 0 };
}

function sum(numbers: number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
