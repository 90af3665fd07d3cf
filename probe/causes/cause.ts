/** A cause of a leg that fails, and how much speaks for it. */
import type { Evidence } from "../legs/evidence.ts";
import type { Leg } from "../legs/legs.ts";

export interface Cause {
  cause: string;
  /** What to do about it. */
  fix: string;
}

export interface WeighedCause extends Cause {
  leg: Leg;
  weight: number | ((evidence: Evidence) => number);
}
