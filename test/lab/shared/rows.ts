/** Rows of docs/changes.md that reach machines under their tunnels, laid over the stack of the shared VPC. */

import { INTERNET } from "../../../lab/network/topology.ts";
import { recordedMachines } from "../../../offline/machines.ts";
import type { RecordedResource } from "../../../offline/program.ts";
import type { Bundle } from "../../../render/bundle.ts";
import { ARRIVALS, type Arrival, bundleChange, lastArrival } from "../../../render/bundle-change.ts";
import { subjects } from "../../engine/cases/all.ts";
import type { Case } from "../../engine/cases/case.ts";
import { cutsClientsOff } from "../../engine/changes/words.ts";
import type { Config } from "../../engine/fleet.ts";
import { overrides } from "../../shared/existing-vpc.ts";
import { MASTERS, reconfigured } from "./vpc.ts";

/** One of each kind: the server whose tunnel is in use, and the gateway by which it comes. */
export const MACHINES = ["a-1", "gateway-a"];

/** What a session that stands outlives, and does not hold up. */
const UNDER_TUNNELS: (Arrival | undefined)[] = [
  undefined,
  "in place",
  "from the next session",
  "at the next boot",
];

/** By machine, how the page says that a row reaches it; undefined where it does not. */
function arrivals({ nlb: { machines = {} } }: Case): Map<string, Arrival | undefined> {
  return new Map(MACHINES.map((name) => [name, ARRIVALS.find((each) => machines[each]?.includes(name))]));
}

/** Those machines that change under tunnels; one that waits for its sessions does not. */
export function reached(row: Case): string[] {
  return [...arrivals(row)].flatMap(([name, arrival]) =>
    arrival !== undefined && UNDER_TUNNELS.includes(arrival) ? [name] : [],
  );
}

/**
 * All that reach a machine so behind `nlb`, in the page's order: but for what leaves tunnels of no use by the page's own words,
 * as nothing of a transfer would come back.
 */
export const rows: Case[] = subjects
  .flatMap(({ cases }) => cases)
  .filter(({ only, nlb }) => only !== "eip" && !cutsClientsOff(nlb))
  .filter(({ nlb: { machines = {} } }) =>
    ARRIVALS.some((arrival) => UNDER_TUNNELS.includes(arrival) && machines[arrival] !== undefined),
  );

/** What the program makes of the shared stack with a config over its own. */
export interface Layer {
  config: Config;
  resources: RecordedResource[];
  bundles: Map<string, Bundle>;
}

export async function layer(config: Config): Promise<Layer> {
  const resources = await reconfigured(overrides(members(config)));
  const bundles = recordedMachines({ resources }).map(({ name, bundle }) => [name, bundle] as const);
  return { config, resources, bundles: new Map(bundles) };
}

/**
 * The stack before a row and with it: over what stands, or else over the shared stack alone, where that makes of the row
 * another change than the page says.
 *
 * @param stands What the machines have.
 * @throws Error where the row is another change over either, or one of other machines.
 */
export async function laid(row: Case, stands: Layer, alone: Layer): Promise<[from: Layer, to: Layer]> {
  if (reached(row).length === 0) throw new Error(`${row.change}: neither ${MACHINES.join(" nor ")} changes`);
  const said = arrivals(row);
  const failures: string[] = [];
  for (const { config } of [stands, alone]) {
    try {
      const from = await layer(over(config, row.from));
      const to = await layer(over(from.config, row.to));
      const wrong = MACHINES.filter(
        (name) =>
          arrival(from, to, name) !== said.get(name) || !UNDER_TUNNELS.includes(arrival(stands, from, name)),
      );
      if (wrong.length === 0) return [from, to];
      failures.push(
        wrong
          .map((name) => `${arrival(from, to, name)} on ${name}, after ${arrival(stands, from, name)}`)
          .join(", "),
      );
    } catch (error) {
      // What stands and the row contradict each other.
      failures.push((error as Error).message);
    }
  }
  throw new Error(
    `${row.change}: not what the page says in the shared VPC: ${failures.join("; and alone ")}`,
  );
}

function arrival(before: Layer, after: Layer, name: string): Arrival | undefined {
  return lastArrival(bundleChange(before.bundles.get(name)!, after.bundles.get(name)!));
}

/** A config with a row's over it, in the shared VPC. The rows' own is 10.42.0.0/16, its main CIDR 10.20.0.0/16. */
function over(config: Config, more: Config = {}): Config {
  const here: Config = JSON.parse(
    JSON.stringify(more, (_, value) => (value === undefined ? null : value)).replaceAll("10.42.", "10.20."),
  );
  const entries = Object.entries(here).map(([key, value]) => {
    const whole = isGroup(value) ? { ...(config[key] as Config), ...value } : value;
    return [key, key === "egress" && isGroup(whole) ? egress(whole) : whole];
  });
  return Object.fromEntries(
    Object.entries({ ...config, ...Object.fromEntries(entries) }).filter(([, value]) => value !== null),
  );
}

/** The transfer's host stays among what clients reach; a VPC that exists has its routes to clients in tables that are named. */
function egress(group: Config): Config {
  if (group.mode === "routed") return { ...group, routeTableIds: [MASTERS.routeTableId] };
  const host = `${INTERNET.host}/32`;
  return group.cidrs === undefined
    ? group
    : { ...group, cidrs: [...new Set([...(group.cidrs as string[]), host])] };
}

/** Groups by their members: the shared stack's own stay. */
function members(config: Config): Config {
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) =>
      isGroup(value)
        ? Object.entries(value).map(([member, each]) => [`${key}.${member}`, each])
        : [[key, value]],
    ),
  );
}

function isGroup(value: unknown): value is Config {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
