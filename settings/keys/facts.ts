/** What a person is told about a config key. */
import { z } from "zod";

/** The namespace of our keys in texts, and the project's name; `underNamespace` puts another in (settings/mistakes.ts). */
export const NAMESPACE = "pptp-fleet";

/** What a number counts, as pages have it behind a value. */
export type Unit =
  | "s"
  | "µs"
  | "days"
  | "bytes"
  | "packets"
  | "connections"
  | "connections a second"
  | "sessions"
  | "echoes"
  | "checks in a row"
  | "periods in a row"
  | "probes"
  | "entries"
  | "files"
  | "ports"
  | "queues"
  | "servers";

/** The texts of a key, or of a group's member. */
export interface KeyFacts {
  /** What it decides, with its unit; a key's first clause, up to a semicolon or full stop, stands in README.md by itself. */
  description: string;
  /** What a value must be. */
  allowed: string;
  /** How a wrong value is set right. */
  fix: string;
  /** What its number counts, or each of its numbers. @default it has none */
  unit?: Unit;
  /** Whether its value must be encrypted, and is never shown. */
  secret?: true;
}

/** The texts by the schema that they are of. */
export const facts = z.registry<KeyFacts>();

/** The command that sets a member of a group or an element of a list. */
export function setPath(path: string, value: string): string {
  return `pulumi config set --path '${NAMESPACE}:${path}' ${value}`;
}

/** The command that takes a member of a group away. */
export function remove(path: string): string {
  return `pulumi config rm --path '${NAMESPACE}:${path}'`;
}

/** A member as a path of Pulumi's CLI names it: one with dots in brackets (`packageVersions["python3.13"]`). */
export function memberPath(path: string, member: string): string {
  return /^[\w+.-]*\.[\w+.-]*$/.test(member) ? `${path}["${member}"]` : `${path}.${member}`;
}

/** The command that takes the last element of a list out, and how many are to go. */
export function shorter(list: string, length: number, most: number): string {
  const command = remove(`${list}[${length - 1}]`);
  return length - most === 1 ? command : `${command}, and so on until ${most} are left of ${length}`;
}
