/**
 * Where a server lives in the VPC. The layout leaves room for every zone from the start, so a zone added later
 * moves nothing:
 *
 *     10.42.0.0/16 ─┬─ zone a 10.42.0.0/19 ─┬─ servers   10.42.0.0/20
 *                   │                       ├─ balancer  10.42.16.0/28
 *                   │                       └─ gateway   10.42.16.16/28
 *                   ├─ zone b 10.42.32.0/19 ─ …
 *                   └─ … h
 */
import { addresses, type Cidr, nthAddress } from "../../settings/ipv4.ts";

/** Bits of a VPC's CIDR that name the zone: eight blocks. */
const ZONE_BITS = 3;
/** AWS keeps a subnet's first four addresses and its last. */
const KEPT_FIRST = 4;
const KEPT_LAST = 1;

/** The smallest subnet that AWS makes; a balancer needs eight free addresses in its own (AWS: NLB, subnets). */
const SMALLEST = 28;

/** A zone's block of a VPC of our own. */
export function zoneBlock(vpc: Cidr, zoneIndex: number): Cidr {
  const size = addresses(vpc) / 2 ** ZONE_BITS;
  return { base: vpc.base + zoneIndex * size, prefix: vpc.prefix + ZONE_BITS };
}

/** Subnets of a zone's gateway and of the balancer's node there. */
export interface FrontCidrs {
  gateway: Cidr;
  balancer: Cidr;
}

/** The subnets of a zone in its block: servers have the first half, the balancer's node and the gateway begin the second. */
export function subnetsOf(block: Cidr): FrontCidrs & { servers: Cidr } {
  const servers = { base: block.base, prefix: block.prefix + 1 };
  const balancer = { base: servers.base + addresses(servers), prefix: SMALLEST };
  return { servers, balancer, gateway: { base: balancer.base + addresses(balancer), prefix: SMALLEST } };
}

/** The servers' subnet in a zone of a VPC of our own. */
export function serverSubnet(vpc: Cidr, zoneIndex: number): Cidr {
  return subnetsOf(zoneBlock(vpc, zoneIndex)).servers;
}

/** The balancer node's address. */
export function balancerAddress(subnet: Cidr): number {
  return nthAddress(subnet, KEPT_FIRST);
}

/** A server's private address: the positions follow the addresses that AWS keeps. */
export function serverAddress(subnet: Cidr, position: number): number {
  return nthAddress(subnet, KEPT_FIRST + position - 1);
}

/** How many servers a subnet holds. */
export function serversIn(subnet: Cidr): number {
  return addresses(subnet) - KEPT_FIRST - KEPT_LAST;
}
