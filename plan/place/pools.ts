/**
 * Which addresses a server gives to its clients.
 *
 * `clientPool` is cut into shares of one size, which `sessionsPerServer` alone decides, and share
 * (position − 1) × 8 + zone's index is the server's: no server's share depends on how many others there are.
 */
import { addresses, type Cidr } from "../../settings/ipv4.ts";
import { type Identity, ZONES } from "./identity.ts";

/** Consecutive addresses that differ in their last byte only: what pptpd's `remoteip` can say in one piece. */
export interface AddressRange {
  first: number;
  last: number;
}

/** A server's share of the clients' pool; addresses as numbers (settings/ipv4.ts). */
export interface Pool {
  share: Cidr;
  /** The server's own end of every tunnel. */
  local: number;
  /** One address a session. */
  remote: AddressRange[];
}

/** Addresses in 2^bits that a client may get: none ends in .0 or .255, which old devices take for a broadcast. */
function usable(bits: number): number {
  return 2 ** bits - (bits < 8 ? 1 : 2 ** (bits - 7));
}

/** Prefix length of a share that holds `sessions` clients and the server's own end. */
export function sharePrefix(sessions: number): number {
  let bits = 2;
  while (usable(bits) < sessions + 1) bits++;
  return 32 - bits;
}

/** The number of a server's share, from 0. */
export function shareIndex({ zoneIndex, position }: Pick<Identity, "zoneIndex" | "position">): number {
  return (position - 1) * ZONES + zoneIndex;
}

/** How many shares a pool holds: 0 where it is smaller than one. */
export function sharesIn(clientPool: Cidr, sessions: number): number {
  return Math.floor(addresses(clientPool) / 2 ** (32 - sharePrefix(sessions)));
}

/**
 * The pool of the share with this index; the share has to lie in `clientPool` (`sharesIn`).
 *
 * @param sessions How many clients it has addresses for.
 * @param index From 0 (`shareIndex`).
 */
export function pool(clientPool: Cidr, sessions: number, index: number): Pool {
  const prefix = sharePrefix(sessions);
  const base = clientPool.base + index * 2 ** (32 - prefix);
  const remote: AddressRange[] = [];
  let local: number | undefined;
  let left = sessions;
  for (let address = base; left > 0; address++) {
    const lastByte = address % 256;
    if (lastByte === 0 || lastByte === 255) continue;
    if (local === undefined) {
      local = address;
      continue;
    }
    const current = remote.at(-1);
    if (current && current.last === address - 1) current.last = address;
    else remote.push({ first: address, last: address });
    left--;
  }
  return { share: { base, prefix }, local: local!, remote };
}
