/**
 * What usually makes a leg fail, the likeliest first, each with what to do. A weight is no probability: it orders the
 * causes of one leg by what has been observed, and 0 rules one out.
 */

import type { Evidence } from "../legs/evidence.ts";
import type { Leg } from "../legs/legs.ts";
import type { Cause, WeighedCause } from "./cause.ts";
import { CONTROL_CAUSES } from "./control.ts";
import { TUNNEL_CAUSES } from "./tunnel.ts";

export function causesOf(leg: Leg, evidence: Evidence): Cause[] {
  const weigh = ({ weight }: WeighedCause) => (typeof weight === "number" ? weight : weight(evidence));
  return [...CONTROL_CAUSES, ...TUNNEL_CAUSES]
    .filter((known) => known.leg === leg)
    .map((known) => ({ known, weight: weigh(known) }))
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ known: { cause, fix } }) => ({ cause, fix }));
}
