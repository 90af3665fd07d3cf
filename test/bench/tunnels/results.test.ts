import { describe, expect, test } from "vitest";
import { turns } from "../../../bench/runs/turns.ts";
import { brokenTunnels, linesOf, type Reading } from "../../../bench/tunnels/results.ts";
import { inRound, MEASUREMENTS, type Measurement } from "../../../bench/tunnels/rows.ts";
import { interval, table } from "../../../bench/tunnels/table.ts";

const SPEED: Measurement = {
  arguments: ["speed"],
  rows: { up: { title: "speed up", unit: "Mbit/s", better: "higher", digits: 2 } },
};
const WAIT: Measurement = {
  arguments: ["wait"],
  rows: { seconds: { title: "a wait", unit: "s", better: "lower", digits: 1 } },
  cap: 120,
};

const reading = (
  round: number,
  variant: Reading["variant"],
  measurement: string,
  values: Reading["values"],
): Reading => ({ round, variant, measurement, values });

describe("a row", () => {
  test("pairs the readings of the same round, in whatever order they were taken", () => {
    const readings = [
      reading(1, "stock", "speed", { up: 10 }),
      reading(1, "ours", "speed", { up: 20 }),
      reading(2, "ours", "speed", { up: 30 }),
      reading(2, "stock", "speed", { up: 20 }),
    ];
    const [line] = linesOf(readings, [SPEED]);
    expect(line).toMatchObject({ stock: 15, ours: 25, rounds: 2 });
    expect(line!.gain).toEqual({ median: [1.75, 1.75], spread: [1.5, 2], verdict: "too few rounds" });
  });

  test("leaves a round out in which one has no reading", () => {
    const readings = [
      reading(1, "stock", "speed", { up: 10 }),
      reading(1, "ours", "speed", { up: 20 }),
      reading(2, "stock", "speed", { up: null }),
      reading(2, "ours", "speed", { up: 20 }),
      reading(3, "stock", "speed", { up: 10 }),
    ];
    expect(linesOf(readings, [SPEED])[0]).toMatchObject({ stock: 10, ours: 20, rounds: 1 });
  });

  test("with a cap says what was given up", () => {
    const readings = [
      reading(1, "stock", "wait", { seconds: null }),
      reading(1, "ours", "wait", { seconds: 40 }),
    ];
    const shown = table(linesOf(readings, [WAIT]));
    expect(shown.split("\n")[2]).toMatch(
      /\| a wait +\| s +\| > 120 +\| 40\.0 +\| ≥ 3\.00 +\|.*\| too few rounds \|$/,
    );
  });
});

test("intervals say no more than is known", () => {
  const infinite = Number.POSITIVE_INFINITY;
  expect([
    interval([1.5, 1.5]),
    interval([2, infinite]),
    interval([0, 0.5]),
    interval([0, infinite]),
  ]).toEqual(["1.50", "≥ 2.00", "≤ 0.50", "?"]);
});

test("broken tunnels are counted by variant, both ways", () => {
  const readings = [
    reading(1, "stock", "tcp", { "up-lost": 2, "down-lost": 1 }),
    reading(1, "ours", "tcp", { "up-lost": 0, "down-lost": 0 }),
    reading(2, "stock", "tcp", { "up-lost": 1, "down-lost": 0 }),
  ];
  expect([brokenTunnels(readings, "stock"), brokenTunnels(readings, "ours")]).toEqual([4, 0]);
});

test("turns alternate, and each round has both", () => {
  expect(turns(3, ["stock", "ours"])).toEqual([
    [1, "stock"],
    [1, "ours"],
    [2, "ours"],
    [2, "stock"],
    [3, "stock"],
    [3, "ours"],
  ]);
});

test("every row has its first reading in the first round, and no two have the same title", () => {
  expect(MEASUREMENTS.filter((each) => !inRound(each, 1))).toEqual([]);
  const titles = MEASUREMENTS.flatMap(({ rows }) => Object.values(rows).map(({ title }) => title));
  expect(new Set(titles).size).toBe(titles.length);
});
