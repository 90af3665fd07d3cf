import { expect, test } from "vitest";
import type { Interval } from "../../../bench/figures/statistics.ts";
import { plotCommands } from "../../../bench/tunnels/plot.ts";
import type { Line } from "../../../bench/tunnels/results.ts";

function line(title: string, median: Interval, spread: Interval): Line {
  const row = { title, unit: "s", better: "lower", digits: 1 } as const;
  return { row, stock: 1, ours: 1, gain: { median, spread, verdict: "no gain" }, rounds: 1 };
}

/** The data that gnuplot gets: gain, place, least, most, name. */
const data = (lines: Line[]) =>
  plotCommands(lines).split("$gains << END\n")[1]!.split("\nEND")[0]!.split("\n");

test("the first row is on top, each with its least and most", () => {
  const lines = [line("first", [1.5, 1.5], [1.25, 2]), line("second", [0.5, 0.5], [0.5, 0.75])];
  expect(data(lines)).toEqual(['1.5000 2 1.2500 2.0000 "first"', '0.5000 1 0.5000 0.7500 "second"']);
});

test("what lies beyond the picture is drawn at its edge, a bound where it is known", () => {
  expect(data([line("far", [3, Number.POSITIVE_INFINITY], [0.01, Number.POSITIVE_INFINITY])])).toEqual([
    '3.0000 1 0.2500 4.0000 "far"',
  ]);
});
