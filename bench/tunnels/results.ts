/** What a run has read, and the table's lines made of it. */

import { type Gain, gainOf, median, type Pair } from "../figures/statistics.ts";
import type { Circumstances } from "../runs/circumstances.ts";
import type { Measurement, Row } from "./rows.ts";
import type { Variant } from "./variants.ts";

/** What `measure.py` printed in one round. */
export interface Reading {
  round: number;
  variant: Variant;
  /** `measure.py`'s arguments. */
  measurement: string;
  values: Record<string, number | null>;
}

export interface Run {
  circumstances: Circumstances;
  readings: Reading[];
}

export interface Line {
  row: Row;
  /** Medians over the rounds; `null` stands for "more than the cap". */
  stock: number | null;
  ours: number | null;
  cap?: number;
  gain: Gain;
  rounds: number;
}

/** One line for each row that has readings of both variants. */
export function linesOf(readings: Reading[], measurements: Measurement[]): Line[] {
  return measurements.flatMap((measurement) =>
    Object.entries(measurement.rows).flatMap(([name, row]) => {
      const pairs = pairsOf(readings, measurement, name);
      return pairs.length === 0 ? [] : [lineOf(row, pairs, measurement.cap)];
    }),
  );
}

function lineOf(row: Row, pairs: Pair[], cap?: number): Line {
  const middle = (variant: Variant) => {
    const value = median(pairs.map((pair) => pair[variant] ?? Number.POSITIVE_INFINITY));
    return Number.isFinite(value) ? value : null;
  };
  return {
    row,
    ...{ stock: middle("stock"), ours: middle("ours") },
    ...(cap === undefined ? {} : { cap }),
    gain: gainOf(pairs, row.better, cap),
    rounds: pairs.length,
  };
}

/** The rounds in which both have a reading. Without a cap, `null` is no reading: nothing came to be measured. */
function pairsOf(readings: Reading[], measurement: Measurement, name: string): Pair[] {
  const of = (variant: Variant) =>
    new Map(
      readings
        .filter((each) => each.variant === variant && each.measurement === nameOf(measurement))
        .map(({ round, values }) => [round, values[name]]),
    );
  const [stock, ours] = [of("stock"), of("ours")];
  const usable = (value: number | null | undefined): value is number | null =>
    value !== undefined && (value !== null || measurement.cap !== undefined);
  return [...stock].flatMap(([round, value]) => {
    const other = ours.get(round);
    return usable(value) && usable(other) ? [{ stock: value, ours: other }] : [];
  });
}

export const nameOf = (measurement: Measurement): string => measurement.arguments.join(" ");

/** How many tunnels broke under their transfers, all rounds together. */
export function brokenTunnels(readings: Reading[], variant: Variant): number {
  return readings
    .filter((each) => each.variant === variant)
    .reduce((sum, { values }) => sum + (values["up-lost"] ?? 0) + (values["down-lost"] ?? 0), 0);
}
