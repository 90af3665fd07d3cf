/** From a run's readings to the tables' lines. */

import { columns } from "../figures/columns.ts";
import { type Ratio, ratioOf, spread } from "../figures/ratios.ts";
import { median } from "../figures/statistics.ts";
import type { Asked } from "./requests.ts";

export const VARIANTS = ["alone", "together"] as const;
export type Variant = (typeof VARIANTS)[number];

/** One turn: a change, a look that finds nothing new, and one with which a report is due. */
export interface Reading {
  round: number;
  variant: Variant;
  /** From the change to each machine's last report; of `alone`, of some machines one after the other. */
  seconds: number[];
  /** The other three are those of one machine, or of all. */
  change: Asked;
  idle: Asked;
  due: Asked;
}

export interface Line {
  title: string;
  /** Seconds, medians of the rounds. */
  alone: number;
  together: number;
  /** Together over alone, of the same round. */
  ratio: Ratio;
}

/** @throws Error where a round lacks one of the two. */
export function linesOf(readings: Reading[]): Line[] {
  const rounds = [...Map.groupBy(readings, ({ round }) => round)].map(([round, both]) => {
    const [alone, together] = VARIANTS.map((variant) => both.find((each) => each.variant === variant));
    if (alone === undefined || together === undefined) throw new Error(`round ${round} lacks a turn`);
    return { alone: median(alone.seconds), together: together.seconds };
  });
  const line = (title: string, of: (seconds: number[]) => number): Line => ({
    title,
    alone: median(rounds.map(({ alone }) => alone)),
    together: median(rounds.map(({ together }) => of(together))),
    ratio: ratioOf(rounds.map(({ alone, together }) => of(together) / alone)),
  });
  return [
    line("a machine's report, median", median),
    line("the last machine's report", (seconds) => Math.max(...seconds)),
  ];
}

/** How long all of them take at once, by what they take one after the other. */
export function shareOf(lines: Line[], machines: number): number {
  return lines.at(-1)!.ratio.median / machines;
}

/** The lines as Markdown. */
export function timesTable(lines: Line[], machines: number): string {
  const head = ["s", "one machine alone", `${machines} at once`, "ratio", "least – most"];
  const body = lines.map(({ title, alone, together, ratio }) => [
    ...[title, alone.toFixed(1), together.toFixed(1), ratio.median.toFixed(1), spread(ratio)],
  ]);
  return columns([head, ...body]);
}

/** The last round's requests as Markdown: counts are the same in each. */
export function requestsTable(readings: Reading[], machines: number): string {
  const head = [
    "requests",
    "GET pointer",
    "… as it was (304)",
    "GET bundle",
    "PUT report",
    "KB got",
    "KB sent",
  ];
  const last = (variant: Variant) => readings.findLast((each) => each.variant === variant)!;
  const row = (title: string, { requests, got, sent }: Asked) => [
    ...[title, `${requests["GET pointer"]}`, `${requests["GET pointer, as it was"]}`],
    ...[`${requests["GET bundle"]}`, `${requests["PUT report"]}`],
    ...[(got / 1000).toFixed(1), (sent / 1000).toFixed(1)],
  ];
  const rows = (title: string, of: (reading: Reading) => Asked) => [
    row(`${title}, one machine`, of(last("alone"))),
    row(`${title}, ${machines}`, of(last("together"))),
  ];
  return columns([
    head,
    ...rows("a change", ({ change }) => change),
    ...rows("an idle minute", ({ idle }) => idle),
    ...rows("each fifth idle minute", ({ due }) => due),
  ]);
}
