/** A change of config, and all that `pulumi up` does about it: what the tests hold, and what docs/changes.md says. */
import type { Config, Outcome } from "../fleet.ts";

/** By what a person calls each: the type, and the name without the project's. What is not named stays as it is. */
export interface Touched {
  created?: string[];
  /** In place. */
  updated?: string[];
  /** In place, and AWS's provider stops and starts the instance for it. */
  restarted?: string[];
  replaced?: string[];
  deleted?: string[];
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
  /** Where only one front door knows the keys. @default both */
  only?: Door;
}

export const NOTHING: Touched = {};

/** Several of a type. */
export function each(type: string, ...names: string[]): string[] {
  return names.map((name) => `${type} ${name}`);
}

/** Lists with nothing in them left out, the others sorted. */
export function tidy(touched: Touched): Touched {
  const kept = Object.entries(touched).filter(([, list]) => list.length > 0);
  return Object.fromEntries(kept.map(([op, list]) => [op, [...list].sort()]));
}

/** What an update touched. */
export function touched({ created, updated, restarted, replaced, deleted }: Outcome): Touched {
  return tidy({ created, updated, restarted, replaced, deleted });
}

/** The servers of a fleet of two. */
export const SERVERS = each("Instance", "a-1", "b-1");

/** What a replaced gateway takes along: it is made first, its address and the routes of its zone move to it. */
export const GATEWAYS = {
  replaced: [
    ...each("Instance", "gateway-a", "gateway-b"),
    ...each("EipAssociation", "gateway-a", "gateway-b"),
  ],
  updated: each("Route", "a", "b", "balancer-a", "balancer-b"),
};
