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
import { addresses, type Cidr, nthAddress } from "../settings/ipv4.ts";

/** Bits of a VPC's CIDR that name the zone: eight blocks. */
const ZONE_BITS = 3;
/** AWS keeps a subnet's first four addresses and its last. */
const KEPT_FIRST = 4;
const KEPT_LAST = 1;

/** The smallest subnet that AWS makes; a balancer needs eight free addresses in its own (AWS: NLB, subnets). */
const SMALLEST = 28;

/** The servers' subnet in a zone: the first half of the zone's block. */
export function serverSubnet(vpc: Cidr, zoneIndex: number): Cidr {
  const size = addresses(vpc) / 2 ** ZONE_BITS;
  return { base: vpc.base + zoneIndex * size, prefix: vpc.prefix + ZONE_BITS + 1 };
}

/** The subnet of the zone's balancer node: it begins the second half of the zone's block. */
export function balancerSubnet(vpc: Cidr, zoneIndex: number): Cidr {
  const servers = serverSubnet(vpc, zoneIndex);
  return { base: servers.base + addresses(servers), prefix: SMALLEST };
}

/** The zone's public subnet, with its gateway: after the balancer's. */
export function gatewaySubnet(vpc: Cidr, zoneIndex: number): Cidr {
  const balancer = balancerSubnet(vpc, zoneIndex);
  return { base: balancer.base + addresses(balancer), prefix: SMALLEST };
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
