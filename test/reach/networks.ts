/** IPv4 in the reachability model: of its own, so that a mistake in the program's arithmetic is not made twice. */
import ipaddr from "ipaddr.js";

/** Both ends included. */
export type Range = [first: number, last: number];

export const number = (address: string): number =>
  ipaddr.IPv4.parse(address).octets.reduce((sum, octet) => sum * 256 + octet, 0);

export const text = (address: number): string =>
  [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");

/** Of an address or a CIDR. */
export function range(cidr: string): Range {
  const [address, prefix = "32"] = cidr.split("/");
  const first = number(address!);
  return [first, first + 2 ** (32 - Number(prefix)) - 1];
}

export const within = (address: number, [first, last]: Range): boolean => first <= address && address <= last;

export const inAny = (address: number, cidrs: string[]): boolean =>
  cidrs.some((cidr) => within(address, range(cidr)));

/** One address of each piece that these ranges cut the whole into: whoever asks by these ranges alone is answered alike all over a piece. */
export function pieces(ranges: Range[], [lowest, highest]: Range): number[] {
  const cuts = ranges.flatMap(([first, last]) => [first, last + 1]);
  return [...new Set([lowest, ...cuts])]
    .filter((cut) => cut >= lowest && cut <= highest)
    .sort((a, b) => a - b);
}

export const ADDRESSES: Range = [0, 2 ** 32 - 1];
export const PORTS: Range = [0, 65_535];
