/** A change of config, and all that `pulumi up` does about it: what the tests hold, and what docs/changes.md says. */
import type { Arrival } from "../../../render/bundle-change.ts";
import type { Config, Machines, Outcome } from "../fleet.ts";
import type { End } from "./ends.ts";

/** By what a person calls each: the type, and the name without the project's. What is not named stays as it is. */
export interface Touched {
  created?: string[];
  /** In place. */
  updated?: string[];
  /** In place, and AWS's provider stops and starts the instance for it. */
  restarted?: string[];
  replaced?: string[];
  deleted?: string[];
  /** Machines that stay and get another bundle, by how it arrives. */
  machines?: Machines;
  /** Inputs of instances that differ. */
  instanceInputs?: string[];
}

export type Door = "nlb" | "eip";

export const DOORS: Door[] = ["nlb", "eip"];

export interface Case {
  /** As a row of the page says it. */
  change: string;
  from?: Config;
  to: Config;
  nlb: Touched;
  /** Where the front door makes a difference. */
  eip: Touched;
  /** Why it ends tunnels behind `nlb`. @default it ends none */
  ends?: End;
  /** Where only one front door knows the keys. @default both */
  only?: Door;
}

export const NOTHING: Touched = {};

/** Several of a type. */
export function each(type: string, ...names: string[]): string[] {
  return names.map((name) => `${type} ${name}`);
}

/** Lists with nothing in them left out, the others sorted. */
export function tidy({ machines = {}, ...lists }: Touched): Touched {
  const kept = Object.entries(lists).filter(([, list]) => list.length > 0);
  return {
    ...Object.fromEntries(kept.map(([op, list]) => [op, [...list].sort()])),
    ...(Object.keys(machines).length === 0 ? {} : { machines }),
  };
}

/**
 * What an update touched. A machine's two objects in the bucket are not named: they come and go with it, and a new bundle is one
 * more of them and a changed pointer.
 *
 * @throws Error where an update does anything else with them.
 */
export function touched(outcome: Outcome): Touched {
  const { created, updated, restarted, replaced, deleted, machines, instanceInputs } = outcome;
  const lists = { created, updated, restarted, replaced, deleted };
  const changed = [...Object.values(machines).flat(), ...replaced.flatMap(instance)];
  const stray = Object.entries(lists).flatMap(([op, list]) =>
    list.flatMap((label) => {
      const [, machine, what] = OBJECT.exec(label) ?? [];
      if (machine === undefined) return [];
      // A machine of a release without bundles gets its first with another instance.
      const own = op === "created" ? [...created, ...replaced] : op === "deleted" ? deleted : [];
      const goes = own.includes(`Instance ${machine}`);
      const another = op === (what === "bundle" ? "replaced" : "updated") && changed.includes(machine);
      return goes || another ? [] : [`${op} ${label}`];
    }),
  );
  if (stray.length > 0) throw new Error(`no machine has a new bundle, and yet: ${stray.join(", ")}`);
  const named = Object.entries(lists).map(([op, list]) => [op, list.filter((label) => !OBJECT.test(label))]);
  return tidy({ ...Object.fromEntries(named), machines, instanceInputs });
}

/** Of a machine, in the bucket. */
export const OBJECT = /^BucketObjectv2 (.+)-(bundle|desired)$/;

function instance(label: string): string[] {
  return label.startsWith("Instance ") ? [label.slice("Instance ".length)] : [];
}

export const SERVER_NAMES = ["a-1", "b-1"];
export const GATEWAY_NAMES = ["gateway-a", "gateway-b"];

/** The servers of a fleet of two. */
export const SERVERS = each("Instance", ...SERVER_NAMES);

/** What a replaced gateway takes along: it is made first, its address and the routes of its zone move to it. */
export const GATEWAYS = {
  replaced: [...each("Instance", ...GATEWAY_NAMES), ...each("EipAssociation", ...GATEWAY_NAMES)],
  updated: each("Route", "a", "b", "balancer-a", "balancer-b"),
};

/** New files on machines of that fleet. */
export function arrives(arrival: Arrival, names: string[] = SERVER_NAMES): Pick<Touched, "machines"> {
  return { machines: { [arrival]: names } };
}

/** What a machine is known by at AWS, and what it may do there. */
export function identity(machine: string): string[] {
  return ["MachineRole", "Role", "RolePolicy", "InstanceProfile"].map((type) => `${type} ${machine}`);
}
