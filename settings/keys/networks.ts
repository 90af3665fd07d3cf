/** Judges of the addresses and networks that a stack's config names. */
import {
  addresses,
  type Cidr,
  contains,
  formatCidr,
  isAddress,
  isIpv6,
  network,
  overlaps,
  parseAddress,
  parseCidr,
  readCidr,
} from "../ipv4.ts";
import type { Refusal } from "./refusal.ts";

/** IPv4 that no router on the internet carries: RFC 1918, and RFC 6598 for carriers' own NAT. */
export const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** Where no host that packets are routed to or from can be (RFC 6890), and why. */
const NO_HOSTS: [cidr: string, why: string][] = [
  ["0.0.0.0/8", '"this network"'],
  ["127.0.0.0/8", "each machine's own loopback"],
  ["169.254.0.0/16", "link-local, which no router forwards"],
  ["224.0.0.0/3", "multicast and reserved"],
];

/** Prefix lengths of the largest clients' pool and of the largest VPC (AWS: VPC CIDR blocks). */
export const SHORTEST_POOL = 8;
export const SHORTEST_VPC = 16;
/** Prefix length of the smallest block that holds a zone's subnets: servers' is a half, balancer's and gateway's a /28 each. */
export const LONGEST_BLOCK = 26;

const EVERYWHERE = "0.0.0.0/0";

const ONLY_IPV4 = "IPv4 only: neither the tunnels nor what carries them are IPv6";

/**
 * An IPv4 CIDR without host bits in which there can be hosts. 0.0.0.0/0 is one, and so is any other that is wider than a
 * range without hosts.
 */
export function judgeCidr(text: string): Refusal | undefined {
  if (isIpv6(text)) return { allowed: ONLY_IPV4, fix: "an IPv4 CIDR, such as 198.51.100.0/24" };
  if (isAddress(text))
    return { allowed: "an IPv4 CIDR, with its prefix length", fix: `${text}/32 for this one address` };
  const read = readCidr(text);
  if (!read) return {};
  const cidr = network(read.address, read.prefix);
  const empty = text === EVERYWHERE ? undefined : hostless(cidr);
  if (empty !== undefined) return { allowed: `networks that hosts can be in; ${empty}` };
  if (cidr.base === read.address) return undefined;
  return {
    allowed: "an IPv4 CIDR without host bits",
    fix: `${formatCidr(cidr)} for the network, or ${text.replace(/\/.*/, "/32")} for the one address`,
  };
}

/** Why no host can be in a network: the range without hosts that it lies in; undefined where one can. */
function hostless(cidr: Cidr): string | undefined {
  const [range, why] = NO_HOSTS.find(([range]) => contains(parseCidr(range), cidr)) ?? [];
  return range === undefined ? undefined : `${range} is ${why}`;
}

/** A CIDR in private space whose prefix length is within bounds, both included. */
export function judgePrivateCidr(shortest: number, longest: number): (text: string) => Refusal | undefined {
  return (text) => {
    if (isAddress(text)) return {};
    const read = readCidr(text);
    if (!read) return judgeCidr(text);
    const cidr = network(read.address, read.prefix);
    if (cidr.base !== read.address)
      return { allowed: "an IPv4 CIDR without host bits", fix: formatCidr(cidr) };
    if (cidr.prefix < shortest || cidr.prefix > longest) return {};
    return isPrivate(cidr) ? undefined : {};
  };
}

/** Whether all of a network lies in private space. */
export function isPrivate(cidr: Cidr): boolean {
  return PRIVATE.some((range) => contains(parseCidr(range), cidr));
}

/** An address that can be a client's DNS resolver. */
export function judgeResolver(text: string): Refusal | undefined {
  if (isIpv6(text)) return { allowed: ONLY_IPV4 };
  if (!isAddress(text)) return {};
  const empty = hostless({ base: parseAddress(text), prefix: 32 });
  return empty === undefined ? undefined : { allowed: `an address that a server can have; ${empty}` };
}

/**
 * A network in private space that shares no address with any of `taken`; undefined where there is none so large.
 *
 * @param near Preferred: the network of this size around it.
 */
export function freeNetwork(prefix: number, near: Cidr, taken: Cidr[]): Cidr | undefined {
  const ranges = PRIVATE.map(parseCidr);
  const size = addresses({ prefix });
  const ends = taken.map((other) => Math.ceil((other.base + addresses(other)) / size) * size);
  return [near.base, ...ranges.map(({ base }) => base), ...ends]
    .map((base) => network(base, prefix))
    .filter((cidr) => ranges.some((range) => contains(range, cidr)))
    .find((cidr) => !taken.some((other) => overlaps(cidr, other)));
}

/** What `judgePrivateCidr` allows, in words. */
export const PRIVATE_SPACE = `within ${PRIVATE.slice(0, -1).join(", ")} or ${PRIVATE.at(-1)}`;
