/**
 * Subnets of an existing VPC that config names, by role. Servers and the balancer's node lie behind their zone's gateway,
 * so their route tables are the zone's alone and get its default route; gateways, and with `eip` servers, need one to an
 * internet gateway, which is the VPC's own.
 */
import { contains, parseCidr } from "../../settings/ipv4.ts";
import { type Mistake, printable } from "../../settings/mistakes.ts";
import type { Settings } from "../../settings/schema.ts";
import type { Zone } from "../place/aws-facts.ts";
import {
  EVERYWHERE,
  isDefault,
  networksOf,
  type RouteTableFacts,
  type SubnetFacts,
  type VpcFacts,
} from "./facts.ts";
import { otherVpcMistake, zoneMistake } from "./mistakes.ts";

type Role = "subnetIds" | "gatewaySubnetIds" | "balancerSubnetIds";
type Usable = SubnetFacts & { cidr: string; routeTableId: string };

/** Free addresses that AWS wants in a balancer's subnet (AWS: Network Load Balancers, subnets). */
const BALANCER_NEEDS = 8;
/** A gateway, and its successor beside it. */
const GATEWAY_NEEDS = 2;

/** Zones of the subnets that config names, one of each role a zone; they count only where there are no mistakes. */
export function namedZones(settings: Settings, vpc: VpcFacts): { zones: Zone[]; mistakes: Mistake[] } {
  const mistakes: Mistake[] = [];
  const servers = byZone("subnetIds", settings, vpc, mistakes);
  if (settings.frontDoor === "eip") {
    for (const { id, routeTableId } of servers.values())
      mistakes.push(...notPublic("subnetIds", id, tableOf(vpc, routeTableId)));
    return { zones: [...servers].map(([name, subnet]) => ({ name, ...serversIn(subnet) })), mistakes };
  }
  const gateways = byZone("gatewaySubnetIds", settings, vpc, mistakes);
  const balancers = byZone("balancerSubnetIds", settings, vpc, mistakes);
  mistakes.push(
    ...missing("gatewaySubnetIds", gateways, servers),
    ...missing("balancerSubnetIds", balancers, servers),
  );
  for (const { id, routeTableId, free } of gateways.values())
    mistakes.push(
      ...notPublic("gatewaySubnetIds", id, tableOf(vpc, routeTableId)),
      ...full("gatewaySubnetIds", id, free, GATEWAY_NEEDS),
    );
  for (const { id, free } of balancers.values())
    mistakes.push(...full("balancerSubnetIds", id, free, BALANCER_NEEDS));
  mistakes.push(...defaultTables(settings, vpc, servers, gateways, balancers));
  mistakes.push(...wayBack(settings, vpc, gateways));
  if (mistakes.length > 0) return { zones: [], mistakes };
  const zones = [...servers].map(([name, subnet]): Zone => {
    const [gateway, balancer] = [gateways.get(name)!, balancers.get(name)!];
    return {
      name,
      ...serversIn(subnet),
      front: {
        gateway: { cidr: gateway.cidr, subnetId: gateway.id },
        balancer: { cidr: balancer.cidr, subnetId: balancer.id },
        tables: { servers: subnet.routeTableId, balancer: balancer.routeTableId },
      },
    };
  });
  return { zones, mistakes };
}

function serversIn({ id, cidr }: Usable): Pick<Zone, "subnetId" | "subnetCidr"> {
  return { subnetId: id, subnetCidr: cidr };
}

/** A role's subnets that can be used, by zone's name and in config's order; what is wrong with the others is added. */
function byZone(key: Role, settings: Settings, vpc: VpcFacts, mistakes: Mistake[]): Map<string, Usable> {
  const zones = new Map<string, Usable>();
  settings[key].forEach((id, i) => {
    const at = `${key}[${i}]`;
    const subnet = vpc.subnets.find((each) => each.id === id)!;
    const wrong = (allowed: string, fix: string): Mistake => ({
      key: at,
      value: printable(id),
      allowed,
      fix,
    });
    const { cidr, routeTableId, zone } = subnet;
    if (subnet.vpcId !== vpc.id) mistakes.push(otherVpcMistake(at, "subnet", subnet, vpc));
    else if (cidr === undefined || routeTableId === undefined)
      mistakes.push(wrong("a subnet with IPv4 addresses; this one has none", "another subnet"));
    else if (zones.has(zone))
      mistakes.push(wrong(`one subnet a zone; there is another in ${zone}`, "leave one of them out"));
    else {
      const misplaced = zoneMistake(at, id, zone, vpc);
      if (misplaced !== undefined) mistakes.push(misplaced);
      else zones.set(zone, { ...subnet, cidr, routeTableId });
    }
  });
  return zones;
}

/** A zone of servers that has none of a role's, and the other way about. */
function missing(key: Role, found: Map<string, Usable>, servers: Map<string, Usable>): Mistake[] {
  const lacks = [...servers.keys()].filter((zone) => !found.has(zone));
  const more = [...found.values()].filter(({ zone }) => !servers.has(zone));
  return [
    ...lacks.map((zone) => ({
      key,
      value: printable([...found.values()].map(({ id }) => id)),
      allowed: `a subnet in each zone of subnetIds; none is in ${zone}`,
      fix: `name one in ${zone}`,
    })),
    ...more.map(({ id, zone }) => ({
      key,
      value: printable(id),
      allowed: `subnets in zones of subnetIds; of these none is in ${zone}`,
      fix: `take it out, or name a subnet in ${zone} in pptp-fleet:subnetIds`,
    })),
  ];
}

function tableOf(vpc: VpcFacts, id: string): RouteTableFacts {
  return vpc.routeTables.find((each) => each.id === id)!;
}

function defaultOf({ routes }: RouteTableFacts) {
  return routes.find(isDefault);
}

function notPublic(key: Role, subnet: string, table: RouteTableFacts): Mistake[] {
  const way = defaultOf(table);
  if (way?.target.startsWith("igw-")) return [];
  return [
    {
      key,
      value: printable(subnet),
      allowed: `public subnets, whose default route leads to an internet gateway; in ${table.id} ${way === undefined ? "there is none" : `it leads to ${way.target}`}`,
      fix: `a public subnet, or a route of ${table.id} to the VPC's internet gateway`,
    },
  ];
}

function full(key: Role, subnet: string, free: number, needs: number): Mistake[] {
  if (free >= needs) return [];
  return [
    {
      key,
      value: printable(subnet),
      allowed: `subnets with ${needs} free addresses or more; this one has ${free}`,
      fix: "a subnet that the fleet has for itself",
    },
  ];
}

/** What servers and balancer send goes by their gateway: their tables are named, theirs alone, and lead nowhere else. */
function defaultTables(
  { defaultRouteTableIds: named }: Settings,
  vpc: VpcFacts,
  servers: Map<string, Usable>,
  gateways: Map<string, Usable>,
  balancers: Map<string, Usable>,
): Mistake[] {
  const behind = [...servers.values(), ...balancers.values()];
  const unnamed = behind.filter(({ routeTableId }) => !named.includes(routeTableId));
  return [
    ...unnamed.map(({ id, zone, routeTableId }) => ({
      key: "defaultRouteTableIds",
      value: printable(named),
      allowed: `each route table of subnetIds and balancerSubnetIds; ${id} in ${zone} has ${routeTableId}, which must get a default route to that zone's gateway`,
      fix: tableOf(vpc, routeTableId).main
        ? `give ${id} a route table of its own`
        : `name ${routeTableId} too, if no other subnet uses it`,
    })),
    ...named.flatMap((id, i): Mistake[] => {
      const wrong = (allowed: string, fix: string): Mistake[] => [
        { key: `defaultRouteTableIds[${i}]`, value: printable(id), allowed, fix },
      ];
      const table = tableOf(vpc, id);
      if (table.vpcId !== vpc.id)
        return [otherVpcMistake(`defaultRouteTableIds[${i}]`, "route table", table, vpc)];
      const users = behind.filter(({ routeTableId }) => routeTableId === id);
      if (table.main)
        return wrong(
          "tables of single subnets; this one is the VPC's main one, and every subnet without its own would be led to a gateway",
          "give servers' and balancer's subnets a route table of their own",
        );
      const [first] = users;
      if (first === undefined)
        return wrong("tables of subnetIds and balancerSubnetIds; none of these uses this one", "take it out");
      const other = table.subnetIds.find((subnet) => !users.some((each) => each.id === subnet));
      if (other !== undefined)
        return wrong(
          `tables that only subnets in subnetIds and balancerSubnetIds use; ${other} would be led to a gateway as well`,
          `give ${other} another route table`,
        );
      if (users.some(({ zone }) => zone !== first.zone))
        return wrong(
          "tables of one zone each: what a zone's servers send goes by that zone's gateway",
          "a route table for each zone",
        );
      const way = defaultOf(table);
      const gateway = gateways.get(first.zone);
      if (way === undefined || gateway === undefined) return [];
      // An earlier update's: it leads to a gateway, or to one that is gone.
      if (way.target.startsWith("eni-") && (way.nic === undefined || way.nic.subnetId === gateway.id))
        return [];
      return wrong(
        `tables without a default route, which is to lead to the zone's gateway; this one leads to ${way.target}`,
        `take it out: aws ec2 delete-route --route-table-id ${id} --destination-cidr-block ${EVERYWHERE}`,
      );
    }),
  ];
}

/** Routed clients who reach further than the VPC do so under their gateway's address: it has to find them again. */
function wayBack({ egress }: Settings, vpc: VpcFacts, gateways: Map<string, Usable>): Mistake[] {
  if (egress.mode !== "routed" || egress.cidrs.every((cidr) => within(cidr, vpc))) return [];
  const lacks = [...gateways.values()].filter(
    ({ routeTableId }) => !egress.routeTableIds.includes(routeTableId),
  );
  return lacks.map(({ id, routeTableId }) => ({
    key: "egress.routeTableIds",
    value: printable(egress.routeTableIds),
    allowed: `the route tables of gatewaySubnetIds too where egress.cidrs reach beyond the VPC: answers come back by the gateway, and ${routeTableId} of ${id} would not lead to clients`,
    fix: `name ${routeTableId}, or only networks within ${vpc.id} in pptp-fleet:egress.cidrs`,
  }));
}

function within(text: string, vpc: VpcFacts): boolean {
  return networksOf(vpc).some((network) => contains(network, parseCidr(text)));
}
