/** The few sums on IPv4 addresses that the lab's network needs. */

import ipaddr from "ipaddr.js";

/** The address `offset` places after the first of `cidr`: 1 is a VPC subnet's router, 2 its resolver. */
export function addressAt(cidr: string, offset: number): string {
  const base = ipaddr.IPv4.networkAddressFromCIDR(cidr).toByteArray();
  const number = base.reduce((sum, byte) => sum * 256 + byte, 0) + offset;
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}

export function prefixLength(cidr: string): number {
  return ipaddr.IPv4.parseCIDR(cidr)[1];
}

/** Whether two CIDRs share an address. */
export function overlap(left: string, right: string): boolean {
  const [a, b] = [ipaddr.IPv4.parseCIDR(left), ipaddr.IPv4.parseCIDR(right)];
  return a[0].match(b[0], Math.min(a[1], b[1]));
}
