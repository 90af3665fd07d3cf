/** Statements that ask for a field of a packet. */
import { type Range, within } from "../networks.ts";
import type { Packet, Step } from "./packet.ts";
import type { Words } from "./words.ts";

export const PROTOCOLS: Record<string, number> = { icmp: 1, tcp: 6, udp: 17, gre: 47 };
const ICMP_TYPES: Record<string, number> = {
  "echo-reply": 0,
  "destination-unreachable": 3,
  "echo-request": 8,
  "time-exceeded": 11,
  "parameter-problem": 12,
};
/** Of destination-unreachable. */
const ICMP_CODES: Record<string, number> = { "prot-unreachable": 2 };
const TCP_FLAGS: Record<string, number> = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 };

const single = (value: number): Range => [value, value];

/** Whether a packet has one of the values that come next; what has no such field has none of them. */
export function among(
  words: Words,
  of: (packet: Packet) => number | undefined,
  read: (text: string) => Range,
): Step {
  const { list, not } = words.values();
  const ranges = list.map(read);
  return (packet) => {
    const value = of(packet);
    return value !== undefined && ranges.some((each) => within(value, each)) !== not;
  };
}

export function sets(change: (packet: Packet) => void): Step {
  return (packet) => {
    change(packet);
    return true;
  };
}

/** `1024-2047`, or one number. */
export const numbers =
  (words: Words) =>
  (text: string): Range => {
    const [first, last = first] = text.split("-");
    return [words.numeric(first!), words.numeric(last!)];
  };

export const protocol = (words: Words): Step =>
  among(
    words,
    (packet) => packet.protocol,
    (name) => single(words.numeric(name, PROTOCOLS)),
  );

export function port(words: Words, field: string, of: (packet: Packet) => boolean): Step {
  const at = { sport: 0, dport: 2 }[field];
  if (at === undefined) throw words.unknown();
  return among(words, (packet) => (of(packet) ? packet.payload.readUInt16BE(at) : undefined), numbers(words));
}

export function icmp(words: Words): Step {
  const [at, names] = words.match(/^(type|code)$/)[0] === "type" ? [0, ICMP_TYPES] : [1, ICMP_CODES];
  return among(
    words,
    ({ protocol, payload }) => (protocol === PROTOCOLS.icmp ? payload[at] : undefined),
    (name) => single(words.numeric(name, names)),
  );
}

export function tcp(words: Words): Step {
  const isTcp = ({ protocol }: Packet) => protocol === PROTOCOLS.tcp;
  const field = words.next();
  if (field === "option") {
    // What becomes of a packet's MSS is no question here.
    words.must("maxseg", "size", "set");
    if (!words.take("rt", "mtu")) words.number();
    return () => true;
  }
  if (field !== "flags") return port(words, field, isTcp);
  const flags = () =>
    (words.take("(") ? words.until(")") : [words.next()]).reduce(
      (sum, each) => sum | words.numeric(each, TCP_FLAGS),
      0,
    );
  if (!words.take("&")) {
    const wanted = flags();
    return (packet) => isTcp(packet) && (packet.payload[13]! & wanted) === wanted;
  }
  const mask = flags();
  const not = words.take("!=");
  if (!not) words.must("==");
  const wanted = flags();
  return (packet) => isTcp(packet) && ((packet.payload[13]! & mask) === wanted) !== not;
}

/** `,offset,bits` after `@th`, and a mask: how it is read from a packet, undefined where that is too short. */
export function payload(words: Words): (packet: Packet) => number | undefined {
  words.must(",");
  const from = words.number() / 8;
  words.must(",");
  const length = words.number() / 8;
  if (!Number.isInteger(from) || !Number.isInteger(length)) throw words.unknown();
  const mask = words.take("&") ? words.number() : undefined;
  return ({ payload }) => {
    if (payload.length < from + length) return undefined;
    const value = payload.readUIntBE(from, length);
    return mask === undefined ? value : (value & mask) >>> 0;
  };
}
