/**
 * The Elastic IPs that clients dial. A device has the number burnt in, so an address has a name that outlives the machine:
 * under `nlb` a zone's address is named after the zone's first server, and is that server's under `eip`.
 */
import type { Settings } from "../../settings/schema.ts";
import { type Identity, letter } from "../place/identity.ts";
import { filterParts } from "../quotas/filter-values.ts";
import type { GatewayPlan } from "./gateways.ts";

/** An Elastic IP that clients dial. */
export interface DialledAddress {
  /** Its own, as a server's: `a-1`. */
  name: string;
  /** The machine that has it: `gateway-a`, `a-1`. */
  machine: string;
  /** Members of `elasticIps` that may say which address it is; the first that is set counts. */
  members: string[];
}

/** Under `eip` one a server, under `nlb` one a gateway; in the order of these. */
export function dialledAddresses(
  frontDoor: Settings["frontDoor"],
  servers: Pick<Identity, "name">[],
  gateways: Pick<GatewayPlan, "name" | "zone">[],
): DialledAddress[] {
  switch (frontDoor) {
    case "nlb":
      return gateways.map(({ name: machine, zone }) => {
        const name = firstServer(letter(zone));
        return { name, machine, members: [letter(zone), name] };
      });
    case "eip":
      return servers.map(({ name }) => ({ name, machine: name, members: membersOf(name) }));
    default:
      return frontDoor satisfies never;
  }
}

/** An Elastic IP that `elasticIps` names. */
export interface Adopted {
  allocationId: string;
  /** IPv4. */
  publicIp: string;
  /** Its name where this stack made it. */
  madeAs?: string;
}

/** By member of `elasticIps`. */
export type AdoptedIps = Record<string, Adopted>;

/** Which Elastic IPs a config has use for. */
export interface Assignment {
  /** By machine: the member of `elasticIps` that it has, or the name of the one that the stack makes for it. */
  machines: Record<string, { member: string } | { name: string }>;
  /** Names of those that the stack makes for itself. */
  made: string[];
  /** By name: those that this stack made once, and that it must not release any more. */
  kept: Record<string, Adopted>;
  /** Members of `elasticIps` that no machine has. */
  idle: string[];
}

/** Which machine has which of the addresses that config names; the stack makes one for each of the others. */
export function assign(addresses: DialledAddress[], adopted: AdoptedIps): Assignment {
  const machines = Object.fromEntries(
    addresses.map(({ name, machine, members }): [string, { member: string } | { name: string }] => {
      const member = members.find((each) => Object.hasOwn(adopted, each));
      return [machine, member === undefined ? { name } : { member }];
    }),
  );
  const taken = new Set(Object.values(machines).flatMap((each) => ("member" in each ? each.member : [])));
  const kept = Object.values(adopted).flatMap((each): [string, Adopted][] =>
    each.madeAs === undefined ? [] : [[each.madeAs, each]],
  );
  return {
    machines,
    made: Object.values(machines).flatMap((each) => ("name" in each ? each.name : [])),
    kept: Object.fromEntries(kept),
    idle: Object.keys(adopted).filter((member) => !taken.has(member)),
  };
}

/** The name of a zone's address: `a-1` for `a`. */
export function firstServer(letter: string): string {
  return `${letter}-1`;
}

/** The name of the address of a machine, by the machine's name: `a-1` for `gateway-a`. */
export function addressOf(machine: string): string {
  const [, letter] = /^gateway-(.)$/.exec(machine) ?? [];
  return letter === undefined ? machine : firstServer(letter);
}

/** The members of `elasticIps` that name an address: `a` and `a-1` for `a-1`. */
export function membersOf(name: string): string[] {
  const [letter, position] = name.split("-") as [string, string];
  return position === "1" ? [name, letter] : [name];
}

/** Filters of EC2 that find the addresses of these names, by the tags of the machines that have or had them. */
export function filtersOf(names: string[]): { name: string; values: string[] }[] {
  const firsts = names.flatMap((name) => membersOf(name).slice(1));
  const tags = { server: names, gateway: firsts.map((letter) => `gateway-${letter}`) };
  return Object.entries(tags).flatMap(([tag, values]) =>
    filterParts(values).map((part) => ({ name: `tag:${tag}`, values: part })),
  );
}
