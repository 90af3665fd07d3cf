/**
 * Where a server lives in the VPC. The layout leaves room for every zone from the start, so a zone added later
 * moves nothing:
 *
 *     10.42.0.0/16 ─┬─ zone a 10.42.0.0/19 ─┬─ servers   10.42.0.0/20
 *                   │                       └─ kept free for a gateway and a balancer of that zone
 *                   ├─ zone b 10.42.32.0/19 ─ …
 *                   └─ … h
 */
import { addresses, type Cidr, nthAddress } from "../settings/ipv4.ts";

/** Bits of a VPC's CIDR that name the zone: eight blocks. */
const ZONE_BITS = 3;
/** AWS keeps a subnet's first four addresses and its last. */
const KEPT_FIRST = 4;
const KEPT_LAST = 1;

/** The servers' subnet in a zone: the first half of the zone's block. */
export function serverSubnet(vpc: Cidr, zoneIndex: number): Cidr {
  const size = addresses(vpc) / 2 ** ZONE_BITS;
  return { base: vpc.base + zoneIndex * size, prefix: vpc.prefix + ZONE_BITS + 1 };
}

/** A server's private address: the positions follow the addresses that AWS keeps. */
export function serverAddress(subnet: Cidr, position: number): number {
  return nthAddress(subnet, KEPT_FIRST + position - 1);
}

/** How many servers a subnet holds. */
export function serversIn(subnet: Cidr): number {
  return addresses(subnet) - KEPT_FIRST - KEPT_LAST;
}
