/**
 * Who reaches what of a stack, worked out from the resources that the program registered, from those of the VPC that it
 * names and from the files in the user data of its machines, and from nothing that made them: security groups with their
 * rules, interfaces, subnets with their routes, and the nftables rules that the machines load.
 *
 *     source ─▶ group of the interface ─▶ source/dest check ─▶ prerouting ─┬─▶ input: the machine itself
 *                                                                          └─▶ forward: what lies behind it
 *
 * A group remembers flows; asked is for the first packet of one, which nobody inside has begun.
 */
import { type Range, within } from "./networks.ts";
import type { Ruleset } from "./nft/nft.ts";
import type { Packet, Verdict } from "./nft/packet.ts";

/** What a packet asks for: IP protocol, and destination port or ICMP type where it has one. */
export interface Service {
  protocol: number;
  port?: number;
  /** Of GRE. */
  callId?: number;
}

export const [ICMP, TCP, UDP, GRE] = [1, 6, 17, 47] as const;

/** Where the default route of its subnet leads: `internet`, or the ID of an interface. */
export type NextHop = string | undefined;

export interface GroupRule {
  direction: "in" | "out";
  protocol: number;
  ports: Range;
  cidr: Range;
}

export interface Machine {
  name: string;
  kind: "server" | "gateway";
  address: number;
  group: GroupRule[];
  nextHop: NextHop;
  /** Of its interface. */
  interfaceId: string;
  /** Whether EC2 gives it only what is for its own address. */
  checked: boolean;
  rules: Ruleset;
  /** Networks that some route table leads to its interface. */
  behind: Range[];
  /** A server's end of its tunnels, and the addresses of its clients. */
  tunnels: { end: number; clients: Range[] } | undefined;
}

export interface Balancer {
  /** One in each zone. */
  nodes: { zone: string; address: number; nextHop: NextHop }[];
  group: GroupRule[];
}

export interface Reach {
  machines: Machine[];
  balancer: Balancer | undefined;
  /** CIDRs of the VPC's subnets: by the resources' names, or by ID where they were there before. */
  subnets: Record<string, string>;
}

/** How a packet ends: at the machine itself, passed on to `destination`, or nowhere. */
export type End = { at: "machine" } | { at: "beyond"; destination: number } | undefined;

/** Whether a group lets a service pass, from or to an address. */
export function lets(
  group: GroupRule[],
  direction: GroupRule["direction"],
  other: number,
  { protocol, port = 0 }: Service,
): boolean {
  return group.some(
    (rule) =>
      rule.direction === direction &&
      rule.protocol === protocol &&
      within(port, rule.ports) &&
      within(other, rule.cidr),
  );
}

/** What becomes of a packet from outside that AWS brings to a machine's interface. */
export function arrives(machine: Machine, source: number, destination: number, service: Service): End {
  if (!lets(machine.group, "in", source, service)) return undefined;
  const own = destination === machine.address;
  if (!own && (machine.checked || !machine.behind.some((each) => within(destination, each))))
    return undefined;
  return through(machine, "eth0", source, destination, service);
}

/** What becomes of a packet that a client sends into its tunnel to a server. */
export function sends(machine: Machine, source: number, destination: number, service: Service): End {
  const end = through(machine, "ppp0", source, destination, service);
  // From one tunnel into another it meets no group.
  if (end?.at !== "beyond" || isClient(machine, destination)) return end;
  return lets(machine.group, "out", destination, service) ? end : undefined;
}

/** Where a gateway passes a packet on to, of those for itself and of those that a default route leads to it. */
export function passesOn(
  gateway: Machine,
  source: number,
  destination: number,
  service: Service,
): number | undefined {
  const end = arrives(gateway, source, destination, service);
  if (end?.at !== "beyond" || !lets(gateway.group, "out", end.destination, service)) return undefined;
  return end.destination;
}

export const isClient = ({ tunnels }: Machine, address: number): boolean =>
  tunnels?.clients.some((each) => within(address, each)) ?? false;

/** What a machine's own rules make of a packet. @param iif The interface that it comes by. */
export function through(
  machine: Machine,
  iif: string,
  source: number,
  destination: number,
  service: Service,
): End {
  const { address, rules, tunnels } = machine;
  const packet = packetOf(iif, source, destination, service);
  if (rules.at("ingress", packet) === "stolen") return { at: "beyond", destination: packet.destination };
  const passes = (verdict: Verdict | "stolen") => verdict === "accept";
  if (!passes(rules.at("prerouting", packet))) return undefined;
  if (packet.destination === address || packet.destination === tunnels?.end)
    return passes(rules.at("input", packet)) ? { at: "machine" } : undefined;
  // An address of the pool that no client has goes where all else goes.
  packet.oif = isClient(machine, packet.destination) ? "ppp1" : "eth0";
  return passes(rules.at("forward", packet)) ? { at: "beyond", destination: packet.destination } : undefined;
}

/** A flow's first packet: TCP's SYN, PPTP's GRE (RFC 2637, 4.1), or a few bytes. */
function packetOf(
  iif: string,
  source: number,
  destination: number,
  { protocol, port = 0, callId }: Service,
): Packet {
  const payload = Buffer.alloc(20);
  if (protocol === TCP || protocol === UDP) {
    payload.writeUInt16BE(40_000, 0);
    payload.writeUInt16BE(port, 2);
  }
  if (protocol === TCP) payload.set([0x50, 0x02], 12);
  if (protocol === ICMP) payload[0] = port;
  if (protocol === GRE) {
    payload.set([0x30, 0x01, 0x88, 0x0b], 0);
    payload.writeUInt16BE(8, 4);
    payload.writeUInt16BE(callId ?? 0, 6);
  }
  return { iif, oif: "", source, destination, protocol, payload, state: "new", mark: 0 };
}
