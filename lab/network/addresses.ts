/** The few sums on written IPv4 networks that the lab needs, host bits allowed. */
import { formatAddress, network, nthAddress, overlaps, readCidr } from "../../settings/ipv4.ts";

function parsed(cidr: string) {
  const read = readCidr(cidr);
  if (!read) throw new RangeError(`not an IPv4 CIDR: ${cidr}`);
  return network(read.address, read.prefix);
}

/** The address `offset` places after the first of `cidr`: 1 is a VPC subnet's router, 2 its resolver. */
export function addressAt(cidr: string, offset: number): string {
  return formatAddress(nthAddress(parsed(cidr), offset));
}

export function prefixLength(cidr: string): number {
  return parsed(cidr).prefix;
}

/** Whether two CIDRs share an address. */
export function overlap(left: string, right: string): boolean {
  return overlaps(parsed(left), parsed(right));
}
