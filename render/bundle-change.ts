/**
 * What another bundle does to a machine that runs: what the apply program makes of it (templates/apply/), said before it
 * does. Each file's effect comes with the file.
 */
import type { Effect } from "../templates/part.ts";
import type { Bundle, BundleFile, BundlePackage } from "./bundle.ts";

/** How a change reaches a machine, as a person says it: the later ones touch more. */
export const ARRIVALS = [
  // Sessions go on, with what is new.
  "in place",
  // A session that stands keeps what it had.
  "from the next session",
  // Nothing ends sessions for its sake: it waits.
  "once no session is left",
  // Nothing reboots for its sake.
  "at the next boot",
  // A first boot alone reads it.
  "by replacement",
] as const;

export type Arrival = (typeof ARRIVALS)[number];

export interface BundleChange {
  /** What differs, by how it arrives: `/etc/nftables.conf`, `package ppp 2.5.2-1+1`. No entry where nothing arrives so. */
  arrivals: Partial<Record<Arrival, string[]>>;
  /** What would arrive sooner, and waits for sessions to leave with the rest. */
  held: string[];
}

/** Something that differs. */
interface Difference {
  what: string;
  arrival: Arrival;
  apart?: true;
}

const DRAIN = "once no session is left";
const REBOOT = "at the next boot";

/**
 * What two bundles of one machine differ in.
 *
 * Debian's packages count by what the bundles say of them: a version that the machine has already changes nothing on it.
 */
export function bundleChange(before: Bundle, after: Bundle): BundleChange {
  const differences = [
    ...packages(before, after),
    ...added("mask", before.masks, after.masks),
    ...added("unit", before.units.enabled, after.units.enabled),
    ...files(before, after),
  ];
  // A gateway has no sessions of its own.
  const waits = differences.some(({ arrival }) => arrival === DRAIN);
  const isHeld = ({ arrival, apart }: Difference) => waits && !apart && arrival !== DRAIN;
  const arriving = Map.groupBy(
    differences.filter((each) => !isHeld(each)),
    ({ arrival }) => arrival,
  );
  return {
    arrivals: Object.fromEntries(
      [...arriving].map(([arrival, all]) => [arrival, all.map(({ what }) => what)]),
    ),
    held: differences.filter(isHeld).map(({ what }) => what),
  };
}

/** The last of a change to arrive; undefined where nothing differs. */
export function lastArrival({ arrivals }: BundleChange): Arrival | undefined {
  return ARRIVALS.findLast((each) => each in arrivals);
}

/** A package that is no longer named stays installed. */
function packages(before: Bundle, after: Bundle): Difference[] {
  const had = new Map(before.packages.map((each) => [each.name, each]));
  return after.packages.flatMap((each): Difference[] => {
    const [old, what] = [had.get(each.name), `package ${words(each)}`];
    if (each.version !== undefined && each.version !== old?.version)
      return [{ what, arrival: after.kind === "server" ? DRAIN : "in place" }];
    return old === undefined ? [{ what, arrival: "in place" }] : [];
  });
}

function words({ name, version }: BundlePackage): string {
  return version === undefined ? name : `${name} ${version}`;
}

/** Of names in either list only. */
function added(noun: string, before: string[], after: string[]): Difference[] {
  const differ = (names: string[], others: string[], said: string) =>
    names
      .filter((name) => !others.includes(name))
      .map((name): Difference => ({ what: `${noun} ${name}${said}`, arrival: "in place" }));
  return [...differ(after, before, ""), ...differ(before, after, GONE)];
}

const GONE = " (gone)";

function files(before: Bundle, after: Bundle): Difference[] {
  const [old, next] = [byPaths(before), byPaths(after)];
  const changed = after.files.filter((file) => !isSame(old.get(file.path), file));
  const gone = before.files.filter(({ path }) => !next.has(path));
  return [
    ...changed.map((file) => difference(file, file.path)),
    ...gone.map((file) => difference(file, file.path + GONE)),
    ...unset([...changed.flatMap(({ path }) => old.get(path) ?? []), ...gone], after),
  ];
}

function byPaths({ files }: Bundle): Map<string, BundleFile> {
  return new Map(files.map((file) => [file.path, file]));
}

function isSame(old: BundleFile | undefined, file: BundleFile): boolean {
  return old !== undefined && old.content === file.content && old.permissions === file.permissions;
}

function difference({ effect, apart }: BundleFile, what: string): Difference {
  return { what, arrival: arrivalOf(effect), ...(apart ? { apart } : {}) };
}

/** sysctl.d(5): a key that is no longer set keeps its value. */
function unset(old: BundleFile[], after: Bundle): Difference[] {
  const set = new Set(sysctls(after.files));
  return sysctls(old)
    .filter((key) => !set.has(key))
    .map((key) => ({ what: `${key}, which is no longer set`, arrival: REBOOT }));
}

function sysctls(files: BundleFile[]): string[] {
  return files
    .filter(({ path }) => path.startsWith("/etc/sysctl.d/"))
    .flatMap(({ content }) => [...content.matchAll(/^\s*-?([\w./*-]+)\s*=/gm)].map(([, key]) => key!));
}

function arrivalOf(effect: Effect): Arrival {
  if (typeof effect === "object") return "reboot" in effect ? REBOOT : "in place";
  switch (effect) {
    case "nothing":
    case "sysctl":
    case "nft -f":
      return "in place";
    case "next session":
      return "from the next session";
    case "redial":
      return DRAIN;
    case "replacement":
      return "by replacement";
    default:
      return effect satisfies never;
  }
}
