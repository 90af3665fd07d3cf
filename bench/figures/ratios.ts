/** Ratios of readings of the same round: a machine that drifts, drifts for both. */
import { median } from "./statistics.ts";

export interface Ratio {
  median: number;
  /** Of any round. */
  least: number;
  most: number;
}

/** @param ratios One a round. */
export function ratioOf(ratios: number[]): Ratio {
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}

/** As the tables say it. */
export const spread = ({ least, most }: Ratio): string => `${least.toFixed(2)} – ${most.toFixed(2)}`;
