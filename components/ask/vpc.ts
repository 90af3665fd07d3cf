/**
 * What the program asks of AWS about a VPC that exists:
 *
 *     getVpc, getInternetGateway             its CIDRs, its way to the internet
 *     getSubnets, getSubnet                  all of its subnets, or those that config names
 *     getRouteTables, getRouteTable          which table a subnet has; where it leads
 *     getNetworkInterfaces, getNetworkInterface   whose an interface is, and who has an address
 */
import * as aws from "@pulumi/aws";
import {
  isDefault,
  type NicFacts,
  type RouteFacts,
  type RouteTableFacts,
  type SubnetFacts,
  type VpcFacts,
} from "../../plan/existing-vpc/facts.ts";
import { filterParts } from "../../plan/quotas/filter-values.ts";
import type { Settings } from "../../settings/schema.ts";
import type { Owner } from "../tags.ts";
import { type Answer, allAnswers, attempt, oneMistake } from "./attempt.ts";

/** For a question that has no answer of its own to its refusal. */
export const LOOK = "check your permissions: docs/ci.md has what the program asks";

/** @param zones The region's availability zones. */
export async function askVpc(
  settings: Settings,
  id: string,
  zones: string[],
  owner: Owner,
): Promise<Answer<VpcFacts>> {
  const facts = await attempt(() => vpcFacts(settings, id, zones, owner));
  if ("value" in facts) return facts.value;
  return oneMistake("vpcId", id, `a VPC that can be looked into; AWS says: ${facts.refused}`, LOOK);
}

async function vpcFacts(
  settings: Settings,
  id: string,
  zones: string[],
  owner: Owner,
): Promise<Answer<VpcFacts>> {
  const vpc = await attempt(() => aws.ec2.getVpc({ id }));
  if ("refused" in vpc)
    return oneMistake(
      "vpcId",
      id,
      `a VPC of the region; AWS says: ${vpc.refused}`,
      "check the ID and aws:region",
    );
  const own = settings.subnetCidrs.length > 0;
  const subnets = allAnswers(own ? await allSubnets(id, owner) : await namedSubnets(settings));
  const gateway = own ? await internetGateway(id) : { answer: {} };
  const named = [
    ...settings.egress.routeTableIds.map((table, i) => [`egress.routeTableIds[${i}]`, table] as const),
    ...namedTables(settings).map((table, i) => [`defaultRouteTableIds[${i}]`, table] as const),
    ...("answer" in subnets
      ? subnets.answer.flatMap(({ routeTableId }) =>
          routeTableId === undefined ? [] : [["subnetIds", routeTableId] as const],
        )
      : []),
  ];
  const tables = allAnswers(
    await Promise.all(
      [...new Map(named.map(([key, table]) => [table, key]))].map(([table, key]) => askTable(key, table)),
    ),
  );
  if (!("answer" in subnets && "answer" in tables && "answer" in gateway))
    return {
      mistakes: [subnets, tables, gateway].flatMap((each) => ("mistakes" in each ? each.mistakes : [])),
    };
  const { cidrBlock, cidrBlockAssociations } = vpc.value;
  const others = cidrBlockAssociations
    .filter(({ state }) => state === "associated" || state === "associating")
    .map((each) => each.cidrBlock);
  return {
    answer: {
      id,
      cidrs: [...new Set([cidrBlock, ...others])],
      ...gateway.answer,
      zones,
      subnets: subnets.answer,
      routeTables: await withInterfaces(tables.answer, owner),
    },
  };
}

/** Config names these for `nlb` only. */
function namedTables({ frontDoor, subnetIds, defaultRouteTableIds }: Settings): string[] {
  return frontDoor === "nlb" && subnetIds.length > 0 ? defaultRouteTableIds : [];
}

async function internetGateway(vpc: string): Promise<Answer<Pick<VpcFacts, "internetGatewayId">>> {
  const tables = { filters: [{ name: "attachment.vpc-id", values: [vpc] }] };
  const found = await attempt(() => aws.ec2.getInternetGateway(tables));
  // The one answer that is an error where there is none: AWS's provider looks for exactly one.
  if ("value" in found) return { answer: { internetGatewayId: found.value.internetGatewayId } };
  if (/no matching/i.test(found.refused)) return { answer: {} };
  return oneMistake("vpcId", vpc, `a VPC that can be looked into; AWS says: ${found.refused}`, LOOK);
}

/** All that the VPC has, for subnets of our own that shall meet none. */
async function allSubnets(vpc: string, owner: Owner): Promise<Answer<SubnetFacts>[]> {
  const filters = [{ name: "vpc-id", values: [vpc] }];
  const [{ ids }, ours] = await Promise.all([
    aws.ec2.getSubnets({ filters }),
    aws.ec2.getSubnets({ filters, tags: { ...owner } }),
  ]);
  return Promise.all(ids.map((id) => askSubnet("vpcId", id, ours.ids.includes(id))));
}

async function namedSubnets(settings: Settings): Promise<Answer<SubnetFacts>[]> {
  const { frontDoor } = settings;
  const keys =
    frontDoor === "nlb"
      ? (["subnetIds", "gatewaySubnetIds", "balancerSubnetIds"] as const)
      : (["subnetIds"] as const);
  const asked = keys.flatMap((key) => settings[key].map((id, i) => ({ key: `${key}[${i}]`, id })));
  return Promise.all(
    asked.map(async ({ key, id }): Promise<Answer<SubnetFacts>> => {
      const subnet = await askSubnet(key, id, false);
      if ("mistakes" in subnet) return subnet;
      const routeTableId = await tableOf(id, subnet.answer.vpcId);
      return { answer: { ...subnet.answer, ...(routeTableId === undefined ? {} : { routeTableId }) } };
    }),
  );
}

async function askSubnet(key: string, id: string, ours: boolean): Promise<Answer<SubnetFacts>> {
  const subnet = await attempt(() => aws.ec2.getSubnet({ id }));
  if ("refused" in subnet)
    return oneMistake(
      key,
      id,
      `a subnet of the VPC; AWS says: ${subnet.refused}`,
      "check the ID and aws:region",
    );
  const { vpcId, availabilityZone: zone, cidrBlock, availableIpAddressCount: free } = subnet.value;
  return { answer: { id, vpcId, zone, ...(cidrBlock ? { cidr: cidrBlock } : {}), free, ours } };
}

/** A subnet's own route table, or its VPC's main one. */
async function tableOf(subnet: string, vpcId: string): Promise<string | undefined> {
  const own = [{ name: "association.subnet-id", values: [subnet] }];
  const main = [{ name: "association.main", values: ["true"] }];
  const found = await aws.ec2.getRouteTables({ vpcId, filters: own });
  return found.ids[0] ?? (await aws.ec2.getRouteTables({ vpcId, filters: main })).ids[0];
}

async function askTable(key: string, routeTableId: string): Promise<Answer<RouteTableFacts>> {
  const table = await attempt(() => aws.ec2.getRouteTable({ routeTableId }));
  if ("refused" in table)
    return oneMistake(
      key,
      routeTableId,
      `a route table of the VPC; AWS says: ${table.refused}`,
      "check the ID and aws:region",
    );
  const { vpcId, associations, routes } = table.value;
  return {
    answer: {
      id: routeTableId,
      vpcId,
      main: associations.some(({ main }) => main),
      subnetIds: associations.flatMap(({ subnetId }) => subnetId || []),
      routes: routes
        .filter(({ cidrBlock }) => cidrBlock)
        .map((route): RouteFacts => ({ cidr: route.cidrBlock, target: targetOf(route) })),
    },
  };
}

type Route = aws.types.output.ec2.GetRouteTableRoute;

/** What a route leads to; an instance is named by its interface. */
function targetOf(route: Route): string {
  return (
    route.networkInterfaceId ||
    route.gatewayId ||
    route.natGatewayId ||
    route.transitGatewayId ||
    route.vpcPeeringConnectionId ||
    route.vpcEndpointId ||
    route.localGatewayId ||
    route.carrierGatewayId ||
    route.coreNetworkArn ||
    "something else"
  );
}

/** The tables' routes, with what is known of the interfaces that they lead to. */
async function withInterfaces(tables: RouteTableFacts[], owner: Owner): Promise<RouteTableFacts[]> {
  const routes = tables.flatMap((table) => table.routes).filter(({ target }) => target.startsWith("eni-"));
  const standing = await interfaces("network-interface-id", [...new Set(routes.map(({ target }) => target))]);
  const ours = await interfaces("network-interface-id", standing, { tags: { ...owner } });
  const defaults = new Set(routes.filter(isDefault).map(({ target }) => target));
  const nics = new Map(
    await Promise.all(
      standing.map(async (id): Promise<[string, NicFacts]> => {
        const place = defaults.has(id)
          ? { subnetId: (await aws.ec2.getNetworkInterface({ id })).subnetId }
          : {};
        return [id, { ours: ours.includes(id), ...place }];
      }),
    ),
  );
  return tables.map((table) => ({
    ...table,
    routes: table.routes.map((route) => {
      const nic = nics.get(route.target);
      return nic === undefined ? route : { ...route, nic };
    }),
  }));
}

interface InterfaceFilter {
  tags?: Record<string, string>;
  filters?: { name: string; values: string[] }[];
}

/** IDs of the interfaces that have one of `values`, a filter's by its name at EC2 (DescribeNetworkInterfaces). */
export async function interfaces(
  name: string,
  values: string[],
  { tags, filters = [] }: InterfaceFilter = {},
): Promise<string[]> {
  const found = await Promise.all(
    filterParts(values).map((part) =>
      aws.ec2.getNetworkInterfaces({
        filters: [{ name, values: part }, ...filters],
        ...(tags === undefined ? {} : { tags }),
      }),
    ),
  );
  return found.flatMap(({ ids }) => ids);
}
