/** IPv4 addresses and CIDRs as numbers, so that the plan can count in them. */
import ipaddr from "ipaddr.js";

/** A network in its canonical form: no bit of `base` is set beyond `prefix`. */
export interface Cidr {
  /** First address, 0 to 2^32 − 1. */
  base: number;
  /** Prefix length, 0 to 32. */
  prefix: number;
}

/** Characters in the longest IPv6 CIDR with a zone index. */
const LONGEST_IPV6 = 64;

/** Four decimal parts and nothing else: `010.0.0.1` and `0x7f.1` mean different addresses to different readers. */
export function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text);
}

/** Whether `text` is an IPv6 address or CIDR: worth its own message, as the fleet speaks IPv4 only. */
export function isIpv6(text: string): boolean {
  return text.length <= LONGEST_IPV6 && (ipaddr.IPv6.isValid(text) || ipaddr.IPv6.isValidCIDR(text));
}

/**
 * `198.51.100.7` as a number.
 *
 * @throws RangeError for anything but an IPv4 address in four decimal parts.
 */
export function parseAddress(text: string): number {
  if (!isAddress(text)) throw new RangeError(`not an IPv4 address: ${text}`);
  return ipaddr.IPv4.parse(text).octets.reduce((value, octet) => value * 256 + octet, 0);
}

/** A number, 0 to 2^32 − 1, as `198.51.100.7`. */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** Address and prefix length of a CIDR whose host bits may be set; undefined for any other text. */
export function readCidr(text: string): { address: number; prefix: number } | undefined {
  const [, address, length] = /^([0-9.]{7,15})\/(0|[1-9][0-9]?)$/.exec(text) ?? [];
  if (address === undefined || !isAddress(address) || Number(length) > 32) return undefined;
  return { address: parseAddress(address), prefix: Number(length) };
}

/** The network that an address lies in: its host bits cleared. */
export function network(address: number, prefix: number): Cidr {
  const size = 2 ** (32 - prefix);
  return { base: Math.floor(address / size) * size, prefix };
}

/**
 * `198.51.100.0/24` as numbers.
 *
 * @throws RangeError for anything but an IPv4 CIDR without host bits.
 */
export function parseCidr(text: string): Cidr {
  const read = readCidr(text);
  if (!read) throw new RangeError(`not an IPv4 CIDR: ${text}`);
  const cidr = network(read.address, read.prefix);
  if (cidr.base !== read.address) throw new RangeError(`host bits are set in ${text}: ${formatCidr(cidr)}`);
  return cidr;
}

/** `198.51.100.0/24`. */
export function formatCidr({ base, prefix }: Cidr): string {
  return `${formatAddress(base)}/${prefix}`;
}

/** How many addresses a network has. */
export function addresses({ prefix }: Pick<Cidr, "prefix">): number {
  return 2 ** (32 - prefix);
}

/**
 * The address `index` places after the first one.
 *
 * @throws RangeError outside of the network.
 */
export function nthAddress(cidr: Cidr, index: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= addresses(cidr)) {
    throw new RangeError(`${formatCidr(cidr)} has no address number ${index}`);
  }
  return cidr.base + index;
}

/** Whether all of `inner` lies in `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.prefix <= inner.prefix && network(inner.base, outer.prefix).base === outer.base;
}

/** Whether two networks share an address; of two canonical networks that do, one contains the other. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return contains(a, b) || contains(b, a);
}

/** Without those that lie in another, and each once. */
export function largest(cidrs: Cidr[]): Cidr[] {
  return cidrs.filter(
    (inner, i) => !cidrs.some((outer, j) => contains(outer, inner) && (outer.prefix < inner.prefix || j < i)),
  );
}

/** The networks of all addresses that lie in one of `some` and in one of `others`; none lies in another. */
export function intersection(some: Cidr[], others: Cidr[]): Cidr[] {
  return largest(
    some.flatMap((one) =>
      others.flatMap((other) => (contains(one, other) ? [other] : contains(other, one) ? [one] : [])),
    ),
  );
}
