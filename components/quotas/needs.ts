/**
 * What a fleet wants of each quota, counted from its resources themselves: as the program registers them, and as
 * offline/program.ts records them. A reference is compared and never read, so that it may be an ID or an output.
 */

import { type OnDemand, onDemand, onDemandOf } from "../../plan/quotas/on-demand.ts";
import { type Needs, type QuotaKey, quotaKeys } from "../../plan/quotas/quotas.ts";

/** A resource as it was asked for. */
export interface Registered {
  /** Pulumi's: `aws:ec2/instance:Instance`. */
  type: string;
  name: string;
  /** What others refer to it by; none of a component. */
  id: unknown;
  inputs: Inputs;
}

/** Of all types together, what is looked at; what is unknown here is a reference. */
interface Inputs {
  instanceType?: string;
  primaryNetworkInterface?: object;
  rootBlockDevice?: { volumeSize: number };
  subnetId?: unknown;
  subnetMappings?: { subnetId: unknown }[];
  securityGroups?: unknown[];
  vpcSecurityGroupIds?: unknown[];
  privateIps?: string[];
  availabilityZone?: string;
  securityGroupId?: unknown;
  allocationId?: unknown;
  routeTableId?: unknown;
  targetGroupArn?: unknown;
  targetId?: string;
  /** Of a record. */
  name?: string;
  type?: string;
  zoneId?: string;
}

type Need = Needs[QuotaKey];

/** How many there are of one type, each weighed by its inputs where it counts for more or less than one. */
type Count = (type: string, weight?: (inputs: Inputs) => number) => number;

/** @param vcpus By instance type. */
export function quotaNeeds(resources: Registered[], vcpus: Record<string, number>): Needs {
  const ofAws = resources.filter(({ type }) => type.startsWith("aws:"));
  const byType = Map.groupBy(ofAws, ({ type }) => type.split(":").at(-1)!);
  const all = (type: string) => byType.get(type) ?? [];
  const count: Count = (type, weight = () => 1) =>
    all(type).reduce((sum, { inputs }) => sum + weight(inputs), 0);
  const classes = Object.keys(onDemand).map((key): [OnDemand, Need] => [
    key as OnDemand,
    {
      count: count("Instance", ({ instanceType }) =>
        onDemandOf(instanceType!) === key ? vcpusOf(vcpus, instanceType!) : 0,
      ),
    },
  ]);
  const needs: Record<Exclude<QuotaKey, OnDemand>, Need> = {
    elasticIps: elasticIps(all),
    rulesPerGroup: rulesPerGroup(all),
    routesPerTable: most(all("Route"), ({ inputs }) => inputs.routeTableId, named(all("RouteTable"))),
    networkInterfaces: interfacesPerZone(all),
    groupsPerInterface: {
      count: Math.max(0, ...holders(all).map(({ inputs }) => groupsOf(inputs).length)),
    },
    // Each VPC comes with one of its own.
    securityGroups: { count: count("SecurityGroup") + count("DefaultSecurityGroup") },
    vpcs: { count: count("Vpc") },
    internetGateways: { count: count("InternetGateway") },
    subnetsPerVpc: { count: count("Subnet") },
    // The main route table of the VPC counts.
    routeTablesPerVpc: { count: count("RouteTable") + count("Vpc") },
    balancers: { count: count("LoadBalancer") },
    targetGroups: { count: count("TargetGroup") },
    targetsPerZone: targetsPerZone(all),
    targetsPerBalancer: { count: count("TargetGroupAttachment") },
    targetsPerGroup: most(all("TargetGroupAttachment"), ({ inputs }) => inputs.targetGroupArn),
    healthChecks: { count: count("HealthCheck") },
    recordsPerName: most(all("Record"), ({ inputs }) => `${inputs.name} ${inputs.type}`, asItIs),
    recordsPerZone: most(all("Record"), ({ inputs }) => inputs.zoneId, asItIs),
    volumes: {
      count: Math.ceil(count("Instance", ({ rootBlockDevice }) => rootBlockDevice!.volumeSize) / GIB),
    },
    secrets: { count: count("Secret") },
    roles: { count: count("Role") },
    instanceProfiles: { count: count("InstanceProfile") },
  };
  const found = { ...Object.fromEntries(classes), ...needs } as Needs;
  return Object.fromEntries(quotaKeys.map((key) => [key, found[key]])) as Needs;
}

type All = (type: string) => Registered[];

/** In a TiB. */
const GIB = 1024;

function vcpusOf(vcpus: Record<string, number>, instanceType: string): number {
  const known = vcpus[instanceType];
  if (known === undefined) throw new Error(`nobody said how many vCPUs ${instanceType} has`);
  return known;
}

/** Those that exist already are known by their associations. */
function elasticIps(all: All): Need {
  const associated = all("EipAssociation").map(({ inputs }) => inputs.allocationId);
  return { count: new Set([...all("Eip").map(({ id }) => id), ...associated]).size };
}

function rulesPerGroup(all: All): Need {
  const groups = named(all("SecurityGroup"));
  const ways = { inbound: all("SecurityGroupIngressRule"), outbound: all("SecurityGroupEgressRule") };
  return largest(
    Object.entries(ways).map(([way, rules]) => {
      const { count, of } = most(rules, ({ inputs }) => inputs.securityGroupId, groups);
      return { count, ...(of === undefined ? {} : { of: `${of}, ${way}` }) };
    }),
  );
}

/** Whatever has a network interface; an instance on one that is made apart has none of its own. */
function holders(all: All): Registered[] {
  const instances = all("Instance").filter(({ inputs }) => inputs.primaryNetworkInterface === undefined);
  return [...all("NetworkInterface"), ...instances, ...all("LoadBalancer")];
}

function groupsOf(inputs: Inputs): unknown[] {
  return inputs.securityGroups ?? inputs.vpcSecurityGroupIds ?? [];
}

/** A balancer has one in each of its subnets. */
function interfacesPerZone(all: All): Need {
  const zones = new Map(all("Subnet").map(({ id, inputs }) => [id, inputs.availabilityZone]));
  const places = holders(all).flatMap(({ inputs }) =>
    inputs.subnetMappings === undefined
      ? [inputs.subnetId]
      : inputs.subnetMappings.map(({ subnetId }) => subnetId),
  );
  // A subnet that exists counts by itself: with `nlb` its zone has the gateway's and the node's more, of 5,000.
  const zoneOf = (subnet: unknown) => zones.get(subnet) ?? subnet;
  const known = new Set<unknown>(zones.values());
  return most(places, zoneOf, (zone) => (known.has(zone) ? asItIs(zone) : undefined));
}

/** A target is an address, whose interface tells the zone. */
function targetsPerZone(all: All): Need {
  const subnets = new Map(
    all("NetworkInterface").flatMap(({ inputs }) =>
      inputs.privateIps!.map((address) => [address, inputs.subnetId] as const),
    ),
  );
  return most(all("TargetGroupAttachment"), ({ inputs }) => subnets.get(inputs.targetId!));
}

/** What a key is called, where it can be said. */
type Name = (key: unknown) => string | undefined;

/** By ID. */
function named(resources: Registered[]): Name {
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
