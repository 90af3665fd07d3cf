import { describe, expect, test } from "vitest";
import type { Variant } from "../../../bench/dials/doors.ts";
import { linesOf, type Reading, table, withinNoise } from "../../../bench/dials/lines.ts";

const turn = (round: number, variant: Variant, ...seconds: (number | null)[]): Reading => ({
  ...{ round, variant, seconds },
});
/** Rounds of one dial a turn. */
const rounds = (...each: [eip: number, again: number, nlb: number][]) =>
  each.flatMap(([eip, again, nlb], i) => [
    ...[turn(i, "nlb", nlb), turn(i, "eip", eip), turn(i, "again", again)],
  ]);

describe("a line", () => {
  test("is the median of a round's dials over that of eip in the same round", () => {
    const readings = [
      ...[turn(1, "eip", 1, 2, 9), turn(1, "again", 2, 2, 3), turn(1, "nlb", 3, 4, 9)],
      ...[turn(2, "eip", 10), turn(2, "again", 11), turn(2, "nlb", 15)],
    ];
    const [eip, again, nlb] = linesOf(readings);
    expect(eip!.ratio).toBeUndefined();
    expect(again!.ratio).toEqual({ median: 1.05, least: 1, most: 1.1 });
    expect(nlb!.ratio).toEqual({ median: 1.75, least: 1.5, most: 2 });
  });

  test("counts dials that came to nothing, and takes them for no time", () => {
    const readings = [turn(1, "eip", 2), turn(1, "again", 2), turn(1, "nlb", null, 2, null)];
    const nlb = linesOf(readings)[2]!;
    expect(nlb).toMatchObject({ seconds: 2, failed: 2, dials: 3 });
    expect(nlb.ratio!.median).toBe(1);
  });

  test("is not made of a round without a dial", () => {
    expect(() => linesOf([turn(1, "eip", 2), turn(1, "again", 2)])).toThrow("round 1 has no dial by nlb");
    expect(() => linesOf([turn(1, "eip", null), turn(1, "again", 2), turn(1, "nlb", 2)])).toThrow("by eip");
  });
});

test("nlb is within noise where eip has such a ratio to itself", () => {
  const noise: [number, number, number][] = [
    [10, 9, 10.5],
    [10, 11, 10.5],
    [10, 10, 30],
  ];
  expect(withinNoise(linesOf(rounds(...noise)))).toBe(true);
  expect(withinNoise(linesOf(rounds([10, 9, 12], [10, 11, 12], [10, 10, 10])))).toBe(false);
  expect(withinNoise(linesOf(rounds([10, 9, 8], [10, 11, 8], [10, 10, 10])))).toBe(false);
});

test("the table shows the noise before what is held against it", () => {
  const [, , eip, again, nlb] = table(linesOf(rounds([2, 2.2, 2.1]))).split("\n");
  expect(eip).toMatch(/^\| eip +\| 2\.00 +\| +\| +\| 1 +\| 0 +\|$/);
  expect(again).toMatch(/^\| eip once more +\| 2\.20 +\| 1\.10 +\| 1\.10 – 1\.10 +\| 1 +\| 0 +\|$/);
  expect(nlb).toMatch(/^\| nlb +\| 2\.10 +\| 1\.05 +\| 1\.05 – 1\.05 +\| 1 +\| 0 +\|$/);
});
