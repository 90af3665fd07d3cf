import { expect, test } from "vitest";
import { type Build, type BuildReading, buildLines, buildsTable } from "../../../bench/plan/builds-lines.ts";
import { buildsPage } from "../../../bench/plan/builds-page.ts";

function reading(round: number, build: Build, cpu: number, memory: number, size = "eip-1000"): BuildReading {
  return { round, size, build, measured: { elapsed: cpu, cpu, memory, resources: 10 } };
}
const both = (round: number, ours: [number, number], other: [number, number], size?: string) => [
  reading(round, "this", ...ours, size),
  reading(round, "other", ...other, size),
];

test("a ratio is of one round: a drift of both is no spread", () => {
  const [line] = buildLines([...both(1, [100, 60], [200, 100]), ...both(2, [300, 60], [600, 100])]);
  expect(line!.cpu).toEqual({ median: 0.5, least: 0.5, most: 0.5 });
  expect(line!.memory).toEqual({ median: 0.6, least: 0.6, most: 0.6 });
  expect([line!.by.this.cpu, line!.by.other.cpu]).toEqual([200, 400]);
});

test("a round that lacks a build is no ratio of another round", () => {
  expect(() => buildLines([...both(1, [1, 1], [1, 1]), reading(2, "this", 1, 1)])).toThrow(
    "round 2 of eip-1000 lacks a build",
  );
});

test("the table has each ratio with its spread, and the sizes in their order", () => {
  const lines = buildLines([
    ...both(1, [1000, 150], [2000, 200], "eip-1"),
    ...both(1, [1200, 300], [2000, 600]),
    ...both(2, [1000, 300], [2000, 400]),
  ]);
  expect(buildsTable(lines).split("\n").slice(2)).toEqual([
    expect.stringMatching(/^\| eip-1 +\| 10 +\| 1\.00 +\| 2\.00 +\| 0\.50 .*\| 150 +\| 200 +\| 0\.75/),
    expect.stringMatching(
      /^\| eip-1000 +\| 10 +\| 1\.10 +\| 2\.00 +\| 0\.55 +\| 0\.50 – 0\.60 +\| 300 +\| 500 +\| 0\.63 +\| 0\.50 – 0\.75/,
    ),
  ]);
});

test.each([
  [
    0.48,
    0.41,
    "0.48 times the CPU time of before, 20 % below",
    "0.41 times the memory of before, 50 % below",
  ],
  [
    0.66,
    0.82,
    "0.66 times the CPU time of before, **10 % above**",
    "0.82 times the memory of before, 0 % below",
  ],
])("the page says how far from the aim %d and %d are", (cpu, memory, ...said) => {
  const lines = buildLines(both(1, [cpu * 1000, memory * 1000], [1000, 1000]));
  const circumstances = {
    date: "2026-11-27",
    rounds: 1,
    node: "24",
    packages: {},
    before: "abc",
  };
  for (const text of said) expect(buildsPage(circumstances, lines, "")).toContain(text);
});
