/** PPTP's packets made by hand for the gateway's tests, sent in one network namespace and seen in others. */
import { join } from "node:path";
import { run } from "../../../lab/host/run.ts";

const PACKETS = join(import.meta.dirname, "gateway-packets.py");

/** IP protocol numbers. */
export const [ICMP, TCP, GRE] = [1, 6, 47];

export interface Packet {
  source: string;
  destination: string;
  protocol: number;
  /** Hex, after the IP header. */
  payload: string;
  /** @default false */
  df?: boolean;
  /** Fragments that it is sent in. @default 1 */
  pieces?: number;
}
export type Seen = Pick<Packet, "source" | "destination" | "payload"> & { df: boolean };

/** Sends packets from a namespace, and says what arrived at each of `watch`, a namespace and a protocol. */
export async function exchange(
  from: string,
  packets: Packet[],
  ...watch: [namespace: string, protocol: number][]
): Promise<Seen[][]> {
  const { stdout } = await run("/usr/bin/python3", [PACKETS], {
    input: JSON.stringify({ from, packets, watch }),
  });
  return JSON.parse(stdout);
}

export const hex = (value: number, bytes: number): string => value.toString(16).padStart(2 * bytes, "0");

/** PPTP's GRE header (RFC 2637, 4.1), with a payload and its sequence number, as pppd's packets have. */
export function gre(callId: number, bytes = 8): string {
  return `3001880b${hex(bytes, 2)}${hex(callId, 2)}00000001${"a5".repeat(bytes)}`;
}

/** TCP's flags (RFC 9293, 3.1). */
export const [RST, ACK] = [0x04, 0x10];

/** A segment in the middle of a connection, without data. @param flags @default an acknowledgement */
export const tcp = (from: number, to: number, flags = ACK): string =>
  `${hex(from, 2)}${hex(to, 2)}${"0".repeat(16)}50${hex(flags, 1)}${"0".repeat(12)}`;

/** Of the Internet (RFC 1071), over 16-bit words in hex. */
export function checksum(words: string): string {
  let sum = 0;
  for (let i = 0; i < words.length; i += 4) sum += Number.parseInt(words.slice(i, i + 4).padEnd(4, "0"), 16);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return hex(~sum & 0xffff, 2);
}
