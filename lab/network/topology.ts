/**
 * Which link, address and MAC everything in the lab has: worked out from the fleet, before anything exists.
 *
 *     client0 ── router ── br-a ── tap-a-1, tap-a-2 …
 *                  │  └──── br-b ── tap-b-1 …
 *                  ├─ internet0 ── network namespace `internet`
 *                  └─ uplink0 ── this machine's network
 */

import { CONTROL } from "../../protocols/pptp/flows.ts";
import { addressAt, overlap, prefixLength } from "./addresses.ts";
import { admitsControl, type LabFleet, type LabMachine } from "./fleet.ts";

/** EC2's DHCP hands out jumbo frames inside a VPC; nothing larger than 1500 passes an internet gateway. */
export const VPC_MTU = 9001;
export const INTERNET_MTU = 1500;

/** What the internet and the elastic addresses may use: RFC 2544's range, which no real host has. */
export const LAB_RANGE = "198.18.0.0/15";
/** The instance metadata service. */
export const METADATA = "169.254.169.254";
/** Where a VPC's resolver answers besides the VPC's base plus two. */
export const LINK_LOCAL_RESOLVER = "169.254.169.253";

export const CLIENT_LINK = "client0";
export const INTERNET_LINK = "internet0";
export const UPLINK = "uplink0";
/** The uplink's network (lab/enter.ts), and the name server in it. */
export const UPLINK_CIDR = "198.19.254.0/24";

/** The hosts of the internet that machines talk to, one network namespace. */
export const INTERNET = {
  namespace: "internet",
  cidr: "198.19.0.0/24",
  /** The router's own address there. */
  router: "198.19.0.1",
  /** The host that measures throughput. */
  host: "198.19.0.2",
  /** The stand-in for Secrets Manager. */
  secretsManager: "198.19.0.3",
  /** The archive of packages for machines that have theirs already. */
  packages: "198.19.0.4",
  /** The stand-in for S3. */
  s3: "198.19.0.5",
} as const;

/** AWS's name for a service's endpoint; a bucket's is one label more, before S3's. */
export function endpointName(service: "secretsmanager" | "s3", region: string): string {
  return `${service}.${region}.amazonaws.com`;
}

/** The client's default route. */
export const CLIENT_ROUTER = "198.19.255.1";
/** Where `allowedCidrs` is the whole internet, the client is here. */
const ANY_CLIENT = "198.19.255.2";

export interface Subnet {
  cidr: string;
  prefix: number;
  /** The router's interface, such as `br-a` in zone `eu-west-1a`. */
  bridge: string;
  /** The subnet's base plus one: the VPC router. */
  router: string;
  /** The subnet's base plus two, which AWS reserves; it answers DNS there for the VPC's base plus two only. */
  resolver: string;
}

export interface Attachment {
  machine: LabMachine;
  subnet: Subnet;
  /** The host's end of the machine's network card, such as `tap-a-1`. */
  tap: string;
  mac: string;
  /** EC2's private DNS name, such as `ip-10-42-0-4.eu-west-1.compute.internal`. */
  hostName: string;
}

export interface Topology {
  region: string;
  subnets: Subnet[];
  attachments: Attachment[];
  client: { address: string; router: string; tap: string; mac: string };
  /** AWS's name for the Secrets Manager endpoint that the machines will ask. */
  secretsManagerName: string;
}

/** @throws Error where the fleet's addresses meet the lab's own, or no rule lets a client dial. */
export function topology(fleet: LabFleet): Topology {
  const subnets = new Map<string, Subnet>();
  for (const machine of fleet.machines) {
    if (!subnets.has(machine.subnet)) subnets.set(machine.subnet, subnet(machine, [...subnets.values()]));
  }
  const attachments = fleet.machines.map((machine, index) => ({
    machine,
    subnet: subnets.get(machine.subnet)!,
    tap: tap(machine.name),
    mac: mac(index + 1),
    hostName: `ip-${machine.privateAddress.replaceAll(".", "-")}.${fleet.region}.compute.internal`,
  }));
  const client = { address: clientAddress(fleet), router: CLIENT_ROUTER, tap: CLIENT_LINK, mac: mac(0) };
  refuseOverlaps([...subnets.keys()], client.address);
  return {
    region: fleet.region,
    subnets: [...subnets.values()],
    attachments,
    client,
    secretsManagerName: endpointName("secretsmanager", fleet.region),
  };
}

/** The first host of the first CIDR that may dial, so that the program's own rule admits the client. */
function clientAddress(fleet: LabFleet): string {
  const rule = fleet.machines[0]?.ingress.find(admitsControl);
  if (!rule)
    throw new Error(`no ingress rule of the first server admits ${CONTROL.title}: no client can dial it`);
  const prefix = prefixLength(rule.cidr);
  if (prefix === 0) return ANY_CLIENT;
  return addressAt(rule.cidr, prefix >= 31 ? 0 : 1);
}

function subnet(machine: LabMachine, others: Subnet[]): Subnet {
  const letter = machine.zone.slice(-1);
  const namesakes = others.filter(({ bridge }) => bridge.startsWith(`br-${letter}`)).length;
  return {
    cidr: machine.subnet,
    prefix: prefixLength(machine.subnet),
    bridge: `br-${letter}${namesakes === 0 ? "" : namesakes + 1}`,
    router: addressAt(machine.subnet, 1),
    resolver: addressAt(machine.subnet, 2),
  };
}

/** Linux takes 15 characters. */
function tap(name: string): string {
  const tap = `tap-${name}`;
  if (tap.length > 15) throw new Error(`the name of a link, ${tap}, is longer than 15 characters`);
  return tap;
}

/** Locally administered, one a guest. */
function mac(index: number): string {
  return `02:00:00:00:${[index >> 8, index & 255].map((byte) => byte.toString(16).padStart(2, "0")).join(":")}`;
}

function refuseOverlaps(subnets: string[], client: string): void {
  const lab = [INTERNET.cidr, `${CLIENT_ROUTER}/32`];
  for (const cidr of subnets) refuse(`the subnet ${cidr}`, cidr, lab);
  refuse(`the client ${client}`, `${client}/32`, [...lab, ...subnets]);
}

function refuse(what: string, cidr: string, taken: string[]): void {
  const other = taken.find((each) => overlap(each, cidr));
  if (other) throw new Error(`${what} overlaps ${other}, which the lab uses: choose another`);
}
