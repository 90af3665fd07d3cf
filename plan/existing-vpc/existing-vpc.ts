/**
 * Where a fleet stands in a VPC that exists: every address that the plan decides against every one that AWS told of.
 *
 *     subnetCidrs   the stack's own subnets and route tables, in free CIDRs of the VPC
 *     subnetIds …   subnets that exist, with their own route tables
 *
 * Nothing else of the VPC is used, and whatever speaks against it is told before anything is made.
 */
import { contains, formatCidr, overlaps, parseCidr } from "../../settings/ipv4.ts";
import { freeNetwork } from "../../settings/keys/networks.ts";
import { type Mistake, printable } from "../../settings/mistakes.ts";
import type { Settings } from "../../settings/schema.ts";
import { subnetsOf } from "../place/addresses.ts";
import type { NetworkFacts, Zone } from "../place/aws-facts.ts";
import { regionOf } from "../place/identity.ts";
import { networksOf, type RouteFacts, type VpcFacts } from "./facts.ts";
import { otherVpcMistake, zoneMistake } from "./mistakes.ts";
import { namedZones } from "./named-subnets.ts";

/** The network of a fleet in a VPC that exists, or each mistake of the settings that the VPC shows. */
export function placeInVpc(
  settings: Settings,
  vpc: VpcFacts,
): { answer: NetworkFacts } | { mistakes: Mistake[] } {
  const own = settings.subnetCidrs.length > 0;
  const found = own ? ownZones(settings, vpc) : namedZones(settings, vpc);
  const mistakes = [...poolMistakes(settings, vpc), ...found.mistakes, ...routeMistakes(settings, vpc)];
  const [vpcCidr, ...secondaryCidrs] = vpc.cidrs;
  if (mistakes.length > 0) return { mistakes };
  return {
    answer: {
      region: regionOf(found.zones[0]!.name),
      vpcId: vpc.id,
      vpcCidr: vpcCidr!,
      secondaryCidrs,
      ...(own ? { internetGatewayId: vpc.internetGatewayId! } : {}),
      zones: found.zones,
    },
  };
}

/** No address is a client's and a machine's, in any of the VPC's CIDRs. */
function poolMistakes({ clientPool }: Settings, vpc: VpcFacts): Mistake[] {
  const pool = parseCidr(clientPool);
  const taken = networksOf(vpc);
  const meets = taken.find((cidr) => overlaps(pool, cidr));
  if (meets === undefined) return [];
  const free = freeNetwork(pool.prefix, pool, taken);
  return [
    {
      key: "clientPool",
      value: printable(clientPool),
      allowed: `addresses outside ${vpc.id}, which has ${vpc.cidrs.join(", ")}: an address cannot be a client's and a server's`,
      fix:
        free === undefined
          ? "a smaller private range that nothing else on your network uses"
          : `pulumi config set pptp-fleet:clientPool ${formatCidr(free)}, if nothing else on your network uses that`,
    },
  ];
}

/** Subnets of the stack's own: in the VPC's CIDRs, and apart from all that it has. */
function ownZones(
  { zones: names, subnetCidrs }: Settings,
  vpc: VpcFacts,
): { zones: Zone[]; mistakes: Mistake[] } {
  const mistakes: Mistake[] = [];
  const refuse = (i: number, allowed: string, fix: string) =>
    mistakes.push({ key: `subnetCidrs[${i}]`, value: printable(subnetCidrs[i]), allowed, fix });
  names.forEach((zone, i) => {
    const wrong = zoneMistake(`zones[${i}]`, zone, zone, vpc);
    if (wrong !== undefined) mistakes.push(wrong);
  });
  const zones = subnetCidrs.map((text, i): Zone => {
    const block = parseCidr(text);
    if (!networksOf(vpc).some((cidr) => contains(cidr, block)))
      refuse(i, `a CIDR within ${vpc.id}, which has ${vpc.cidrs.join(", ")}`, "a free part of one of these");
    const { servers, balancer, gateway } = subnetsOf(block);
    const zone = names[i]!;
    const planned = [servers, balancer, gateway].map(formatCidr);
    for (const { id, cidr, zone: its, ours } of vpc.subnets) {
      if (cidr === undefined || !overlaps(block, parseCidr(cidr))) continue;
      // What an earlier update of this stack made, as it would be made again.
      if (ours && its === zone && planned.includes(cidr)) continue;
      refuse(
        i,
        ours
          ? `a CIDR apart from the stack's own ${id}, ${cidr} in ${its}, which goes only when its successor stands`
          : `a free CIDR; ${cidr} is ${id}'s`,
        "a part of the VPC in which no subnet is",
      );
    }
    return {
      name: zone,
      subnetCidr: formatCidr(servers),
      front: { gateway: { cidr: formatCidr(gateway) }, balancer: { cidr: formatCidr(balancer) } },
    };
  });
  if (vpc.internetGatewayId === undefined)
    mistakes.push({
      key: "vpcId",
      value: printable(vpc.id),
      allowed: "a VPC with an internet gateway: clients come from the internet, and this one has none",
      fix: `aws ec2 attach-internet-gateway --vpc-id ${vpc.id} --internet-gateway-id <yours>`,
    });
  return { zones, mistakes };
}

/** Tables that shall lead to clients, and what leads elsewhere in them already. */
function routeMistakes({ egress: { routeTableIds }, clientPool }: Settings, vpc: VpcFacts): Mistake[] {
  const pool = parseCidr(clientPool);
  return routeTableIds.flatMap((id, i): Mistake[] => {
    const key = `egress.routeTableIds[${i}]`;
    const table = vpc.routeTables.find((each) => each.id === id)!;
    if (table.vpcId !== vpc.id) return [otherVpcMistake(key, "route table", table, vpc)];
    return table.routes
      .filter((route) => contains(pool, parseCidr(route.cidr)) && !mayBeOurs(route))
      .map(({ cidr, target }) => ({
        key,
        value: printable(id),
        allowed: `a table without routes into clientPool, ${clientPool}; ${cidr} leads to ${target}`,
        fix: "take that route out, or name another private range in pptp-fleet:clientPool",
      }));
  });
}

/** To a server of this stack, or to an interface that is gone. */
function mayBeOurs({ target, nic }: RouteFacts): boolean {
  return nic?.ours ?? target.startsWith("eni-");
}
