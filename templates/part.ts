/**
 * A part: one feature of a machine, in a folder of its own. `part.ts` says when a machine has it and what it consists of;
 * `files/` mirrors the machine's root: `files/etc/pptpd.conf.hbs` becomes `/etc/pptpd.conf`.
 */
import { basename } from "node:path";
import type { FleetPlan } from "../plan/plan.ts";

/**
 * What makes a changed file hold on a machine that runs: the least that does.
 *
 * - `nothing`: whoever uses the file reads it anew each time, at the latest at the next boot
 * - `sysctl`: systemd-sysctl sets the values; sessions go on
 * - `nft -f`: the rules are replaced at once; sessions go on, limits keep their counts
 * - `reload`, `restart`: of a unit, after `systemctl daemon-reload`; sessions go on
 * - `next session`: each session from then on has it, and one that stands keeps what it had
 * - `redial`: a restart of pptpd.service; as two of them would deal one address twice, the whole bundle waits until no
 *   session is there (traps: new-pptpd-deals-addresses-again)
 * - `reboot`: it holds from the next boot, which a command prepares; nothing reboots by itself
 * - `replacement`: a first boot alone reads it
 */
export type Effect =
  | "nothing"
  | "sysctl"
  | "nft -f"
  | { reload: string }
  | { restart: string }
  | "next session"
  | "redial"
  | { reboot: string }
  | "replacement";

/** A unit that a machine has at each boot. */
export interface Unit {
  /** With its suffix: `pptpd.service`. */
  name: string;
  /**
   * How a machine's first apply starts it: `first`, ahead of all others and waited for; `queued`, after these and not waited for;
   * `wanted`, not by name, as another unit wants it.
   */
  start: "first" | "queued" | "wanted";
  /** The Debian package that it comes in. @default the part's own files */
  package?: string;
}

/** What is done once on a machine, and again where it failed. */
export interface Once {
  /** Of its own among a machine's. */
  name: string;
  /** For `sh -c`. */
  script: string;
}

/** What a part's facts follow from. */
export interface Context<M> {
  fleet: FleetPlan;
  /** The machine's own plan. */
  machine: M;
}

/** Units by what the first apply does with them, each list in the order in which it does. */
export interface UnitNames {
  enabled: string[];
  first: string[];
  queued: string[];
}

/** @typeParam M the machine's own plan: ServerPlan or GatewayPlan. */
export interface Part<M> {
  /** The folder's name. */
  name: string;
  /** Absolute. */
  folder: string;
  /** Whether a machine of the fleet has it. @default always */
  on?(fleet: FleetPlan): boolean;
  /** Every file of `files/` by its path on the machine. */
  files: Record<string, Effect>;
  /** Debian packages that it needs. @default none */
  packages?(fleet: FleetPlan): string[];
  /** Units to enable. @default none */
  units?: Unit[];
  /** Units that must not run, whoever wants them. @default none */
  masks?: string[];
  /** Debian packages of the image that go for good, as dpkg-query's patterns: `linux-image-*cloud*`. @default none */
  purges?: string[];
  /**
   * Commands of cloud-init's `bootcmd`, before the machine has its bundle. They stand in user data, so a change of them
   * replaces the machine. @default none
   */
  bootCommands?: Once[];
  /** What has to be done before its packages come. @default nothing */
  before?: Once[];
  /**
   * Whether a change of its files goes through while the rest of a change waits for sessions to leave: nothing that a
   * session depends on may be in it. @default false
   */
  apart?: boolean;
  /**
   * All that its templates may ask for. Nothing that changes when a server or an account comes or goes, since each change
   * goes to every machine; of allowed CIDRs only `services` (plan/front-door/own-services.ts). @default nothing
   */
  facts?(context: Context<M>): object;
}

/** Those of a list that a machine of the fleet has. */
export function partsOn<P extends Pick<Part<never>, "on">>(parts: P[], fleet: FleetPlan): P[] {
  return parts.filter((each) => each.on?.(fleet) ?? true);
}

/** @param folder that of the part's `part.ts`. */
export function part<M>(folder: string, of: Omit<Part<M>, "name" | "folder">): Part<M> {
  return { name: basename(folder), folder, ...of };
}

/** In the order of the parts; but `first` before all others, and of those queued timers before services: a timer counts from the end of its service's run. */
export function unitNames(parts: { units?: Unit[] }[]): UnitNames {
  const units = parts.flatMap(({ units = [] }) => units);
  const names = (start: Unit["start"]) =>
    units.filter((unit) => unit.start === start).map(({ name }) => name);
  const [first, queued] = [names("first"), names("queued")];
  const isTimer = (name: string) => name.endsWith(".timer");
  return {
    enabled: [...first, ...units.filter(({ start }) => start !== "first").map(({ name }) => name)],
    first,
    queued: [...queued.filter(isTimer), ...queued.filter((name) => !isTimer(name))],
  };
}
