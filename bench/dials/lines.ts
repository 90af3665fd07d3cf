/** From a run's dials to the table's lines. */

import { columns } from "../figures/columns.ts";
import { type Ratio, ratioOf, spread } from "../figures/ratios.ts";
import { median } from "../figures/statistics.ts";
import type { Variant } from "./doors.ts";

/** One turn's dials: seconds; `null` for one that came to nothing. */
export interface Reading {
  round: number;
  variant: Variant;
  seconds: (number | null)[];
}

export interface Line {
  title: string;
  /** Median of all dials, in seconds. */
  seconds: number;
  /** Of a round's medians, to `eip`'s. */
  ratio?: Ratio;
  /** Of all rounds: those that came to nothing, and all. */
  failed: number;
  dials: number;
}

const TITLES: Record<Variant, string> = { eip: "eip", nlb: "nlb", again: "eip once more" };

/** @throws Error where a turn of a round is missing, or has no dial that succeeded. */
export function linesOf(readings: Reading[]): Line[] {
  const rounds = [...new Set(readings.map(({ round }) => round))];
  const middle = (round: number, variant: Variant): number => {
    const turn = readings.find((each) => each.round === round && each.variant === variant);
    const seconds = succeeded(turn?.seconds ?? []);
    if (seconds.length === 0) throw new Error(`round ${round} has no dial by ${variant}`);
    return median(seconds);
  };
  const line = (variant: Variant): Line => {
    const all = readings.filter((each) => each.variant === variant).flatMap(({ seconds }) => seconds);
    const ratio = ratioOf(rounds.map((round) => middle(round, variant) / middle(round, "eip")));
    return {
      ...{ title: TITLES[variant], seconds: median(succeeded(all)) },
      ...(variant !== "eip" && { ratio }),
      ...{ failed: all.length - succeeded(all).length, dials: all.length },
    };
  };
  return [line("eip"), line("again"), line("nlb")];
}

const succeeded = (seconds: (number | null)[]): number[] => seconds.filter((each) => each !== null);

/** Whether `nlb`'s ratio is one that `eip` has to itself too. */
export function withinNoise(lines: Line[]): boolean {
  const [, again, nlb] = lines.map(({ ratio }) => ratio);
  return again!.least <= nlb!.median && nlb!.median <= again!.most;
}

/** The lines as Markdown. */
export function table(lines: Line[]): string {
  const head = ["", "s, median", "of eip's", "least – most", "dials", "failed"];
  const body = lines.map(({ title, seconds, ratio, dials, failed }) => [
    ...[title, seconds.toFixed(2)],
    ...(ratio ? [ratio.median.toFixed(2), spread(ratio)] : ["", ""]),
    ...[`${dials}`, `${failed}`],
  ]);
  return columns([head, ...body]);
}
