/** How wide networks are. */
import ipaddr from "ipaddr.js";
import { PRIVATE as PRIVATE_IPV4 } from "../../settings/keys/networks.ts";

/** What the internet does not carry: RFC 1918 and RFC 6598; RFC 4193, and link-local addresses (RFC 4291, 2.5.6). */
const PRIVATE = {
  ipv4: PRIVATE_IPV4,
  ipv6: ["fc00::/7", "fe80::/10"],
};

type Kind = keyof typeof PRIVATE;
export const BITS: Record<Kind, number> = { ipv4: 32, ipv6: 128 };

/** Of a CIDR; undefined for what is none. */
function kindOf(cidr: string): Kind | undefined {
  return ipaddr.isValidCIDR(cidr) ? (ipaddr.parseCIDR(cidr)[0].kind() as Kind) : undefined;
}

/** Addresses of a kind in these CIDRs that the internet carries, each counted once. */
export function publicAddresses(kind: Kind, cidrs: string[]): bigint {
  const own = cidrs.filter((cidr) => kindOf(cidr) === kind);
  return union([...own, ...PRIVATE[kind]]) - union([...PRIVATE[kind]]);
}

function union(cidrs: string[]): bigint {
  let [sum, next] = [0n, 0n];
  for (const [first, last] of cidrs.map(range).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const from = first > next ? first : next;
    if (last >= from) [sum, next] = [sum + last - from + 1n, last + 1n];
  }
  return sum;
}

function range(cidr: string): [first: bigint, last: bigint] {
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  const size = 2n ** BigInt(BITS[address.kind() as Kind] - prefix);
  const number = address.toByteArray().reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const first = number - (number % size);
  return [first, first + size - 1n];
}
