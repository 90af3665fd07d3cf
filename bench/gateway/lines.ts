/** From a run's readings to the table's lines. */

import { columns } from "../figures/columns.ts";
import { type Ratio, ratioOf, spread } from "../figures/ratios.ts";
import { median } from "../figures/statistics.ts";
import { INSTRUCTION_NS } from "../runs/machine.ts";
import type { Row } from "./traffic.ts";
import type { Variant } from "./variants.ts";

/** What `hop.py` printed in one turn: nanoseconds a packet, by row; of `plain` by `${row}-door` too. */
export interface Reading {
  round: number;
  variant: Variant;
  values: Record<string, number>;
}

export interface Line {
  name: string;
  title: string;
  /** What a packet's hop takes where it is forwarded plainly, in instructions. */
  plain: number;
  /** How many times what plain forwarding takes for the hop. */
  nat: Ratio;
  ours: Ratio;
  /** Of all that the packet sets off, its making and its last crossing too. */
  oursOfAll: Ratio;
}

type Others = Exclude<Variant, "plain">;

/** A line a row. @throws Error where a turn of a round is missing. */
export function linesOf(readings: Reading[], rows: Pick<Row, "name" | "title">[]): Line[] {
  const rounds = [...new Set(readings.map(({ round }) => round))];
  const read = (round: number, variant: Variant, name: string): number => {
    const value = readings.find((each) => each.round === round && each.variant === variant)?.values[name];
    if (value === undefined) throw new Error(`round ${round} has no ${name} of ${variant}`);
    return value;
  };
  return rows.map(({ name, title }) => {
    const hop = (round: number, variant: Variant) =>
      read(round, variant, name) - read(round, "plain", `${name}-door`);
    const ratio = (cost: (round: number, variant: Variant) => number, variant: Others) =>
      ratioOf(rounds.map((round) => cost(round, variant) / cost(round, "plain")));
    return {
      ...{ name, title },
      plain: median(rounds.map((round) => hop(round, "plain"))) / INSTRUCTION_NS,
      nat: ratio(hop, "nat"),
      ours: ratio(hop, "ours"),
      oursOfAll: ratio((round, variant) => read(round, variant, name), "ours"),
    };
  });
}

/** The lines as Markdown. */
export function table(lines: Line[]): string {
  const head = ["", "plain", "NAT", "least – most", "ours", "least – most", "ours, of all"];
  const body = lines.map(({ title, plain, nat, ours, oursOfAll }) => [
    ...[title, plain.toFixed(0), nat.median.toFixed(2), spread(nat)],
    ...[ours.median.toFixed(2), spread(ours), oursOfAll.median.toFixed(2)],
  ]);
  return columns([head, ...body]);
}
