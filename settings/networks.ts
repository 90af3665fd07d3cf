/** Judges of the addresses and networks that a stack's config names. */
import {
  contains,
  formatCidr,
  isAddress,
  isIpv6,
  network,
  parseAddress,
  parseCidr,
  readCidr,
} from "./ipv4.ts";
import type { Refusal } from "./refusal.ts";

/** What no router on the internet carries: RFC 1918, and RFC 6598 for carriers' own NAT. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** What no client can ask: "this network", loopback, link-local, multicast and reserved (RFC 6890). */
const NO_RESOLVER = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map(parseCidr);

const ONLY_IPV4 = "IPv4 only: neither the tunnels nor what carries them are IPv6";

/** Any IPv4 CIDR without host bits. */
export function judgeCidr(text: string): Refusal | undefined {
  if (isIpv6(text)) return { allowed: ONLY_IPV4, wayOut: "an IPv4 CIDR, such as 198.51.100.0/24" };
  if (isAddress(text))
    return { allowed: "an IPv4 CIDR, with its prefix length", wayOut: `${text}/32 for this one address` };
  const read = readCidr(text);
  if (!read) return {};
  const cidr = network(read.address, read.prefix);
  if (cidr.base === read.address) return undefined;
  return {
    allowed: "an IPv4 CIDR without host bits",
    wayOut: `${formatCidr(cidr)} for the network, or ${text.replace(/\/.*/, "/32")} for the one address`,
  };
}

/** A CIDR in private space whose prefix length is within bounds, both included. */
export function judgePrivateCidr(shortest: number, longest: number): (text: string) => Refusal | undefined {
  return (text) => {
    if (isAddress(text)) return {};
    const read = readCidr(text);
    if (!read) return judgeCidr(text);
    const cidr = network(read.address, read.prefix);
    if (cidr.base !== read.address)
      return { allowed: "an IPv4 CIDR without host bits", wayOut: formatCidr(cidr) };
    if (cidr.prefix < shortest || cidr.prefix > longest) return {};
    return PRIVATE.some((range) => contains(parseCidr(range), cidr)) ? undefined : {};
  };
}

/** An address that can be a client's DNS resolver. */
export function judgeResolver(text: string): Refusal | undefined {
  if (isIpv6(text)) return { allowed: ONLY_IPV4 };
  if (!isAddress(text)) return {};
  const address = { base: parseAddress(text), prefix: 32 };
  return NO_RESOLVER.some((range) => contains(range, address)) ? {} : undefined;
}

/** What `judgePrivateCidr` allows, in words. */
export const PRIVATE_SPACE = `within ${PRIVATE.slice(0, -1).join(", ")} or ${PRIVATE.at(-1)}`;
