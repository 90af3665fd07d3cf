import { expect, test } from "vitest";
import { linesOf, type Reading, table } from "../../../bench/plan/lines.ts";
import { nameOf, type Size } from "../../../bench/plan/sizes.ts";

const sizes: Size[] = [1, 11, 101].map((servers) => ({ frontDoor: "eip", servers, zones: 2 }));
const OTHER: Size = { frontDoor: "nlb", servers: 1, zones: 1 };

/** A reading of both. */
function pair(round: number, size: Size, cpu: number, bare: number, resources = 10): Reading[] {
  const measured = (cpu: number) => ({ elapsed: cpu / 2, cpu, memory: 100, resources });
  return [
    { round, size: nameOf(size), variant: "bare", measured: measured(bare) },
    { round, size: nameOf(size), variant: "program", measured: measured(cpu) },
  ];
}

test("a fleet that takes as much for each server grows by the exponent 1", () => {
  const readings = sizes.flatMap((size) => pair(1, size, 300 + 20 * size.servers, 100));
  const [first, second, third] = linesOf(readings, sizes);
  expect([first!.perServer, first!.growth, second!.growth]).toEqual([undefined, undefined, undefined]);
  expect(second!.perServer).toBeCloseTo(20);
  expect(third!.perServer).toBeCloseTo(20);
  expect(third!.growth).toBeCloseTo(1);
});

test("one that takes more the more there are grows by a larger one", () => {
  const readings = sizes.flatMap((size) => pair(1, size, 300 + (size.servers - 1) ** 2, 100));
  expect(linesOf(readings, sizes)[2]!.growth).toBeCloseTo(2);
});

test("sizes of another front door or other zones are no step before", () => {
  const all = [...sizes, OTHER];
  const readings = all.flatMap((size) => pair(1, size, 300 + 20 * size.servers, 100));
  expect(linesOf(readings, all)[3]!.perServer).toBeUndefined();
});

test("a ratio is of one round: a drift of both is no spread", () => {
  const [line] = linesOf([...pair(1, OTHER, 240, 200), ...pair(2, OTHER, 480, 400)], [OTHER]);
  expect(line!.ratio).toEqual({ median: 1.2, least: 1.2, most: 1.2 });
  expect(line!.cpu).toBe(360);
});

test("a turn that is missing is no ratio of another round", () => {
  const readings = [...pair(1, OTHER, 1, 1), pair(2, OTHER, 1, 1)[1]!];
  expect(() => linesOf(readings, [OTHER])).toThrow("round 2 has no nlb-1 of bare");
});

test("both must have registered as many", () => {
  const readings = [pair(1, OTHER, 1, 1, 10)[0]!, pair(1, OTHER, 1, 1, 11)[1]!];
  expect(() => linesOf(readings, [OTHER])).toThrow("nlb-1 was registered with 11 and 10");
});

test("the table has seconds, and each ratio with its spread", () => {
  const lines = linesOf([...pair(1, OTHER, 1500, 1000), ...pair(2, OTHER, 1000, 1000)], [OTHER]);
  expect(table(lines).split("\n")[2]).toMatch(
    /^\| nlb, 1 in one zone +\| 10 +\| 0\.63 +\| 1\.25 +\| 100 +\| +\| +\| 1\.00 +\| 1\.25 +\| 1\.00 – 1\.50 +\|$/,
  );
});
