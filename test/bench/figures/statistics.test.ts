import { describe, expect, test } from "vitest";
import { gainOf, median } from "../../../bench/figures/statistics.ts";

test("the median of an even count lies between the middle two", () => {
  expect(median([9, 1, 4])).toBe(4);
  expect(median([9, 1, 4, 2])).toBe(3);
  expect(() => median([])).toThrow("no values");
});

describe("a gain over 1 means that ours is better", () => {
  test("where more is better", () => {
    expect(gainOf([{ stock: 10, ours: 15 }], "higher").median).toEqual([1.5, 1.5]);
  });

  test("where less is better", () => {
    expect(gainOf([{ stock: 10, ours: 4 }], "lower").median).toEqual([2.5, 2.5]);
  });
});

test("each round is compared with itself: a drift of both is no spread", () => {
  const drifting = [10, 20, 40].map((stock) => ({ stock, ours: stock * 1.25 }));
  expect(gainOf(drifting, "higher")).toEqual({
    ...{ median: [1.25, 1.25], spread: [1.25, 1.25], verdict: "better" },
  });
});

describe("a verdict needs all rounds", () => {
  test.each([
    ["better", [11, 12, 11]],
    ["worse", [9, 8, 9]],
    ["no gain", [11, 9, 12]],
    // As good in one round is no gain either, and neither is less than 1 %.
    ["no gain", [10, 12, 12]],
    ["no gain", [10.05, 10.2, 10.2]],
    ["too few rounds", [11, 12]],
  ])("%s", (verdict, ours) => {
    expect(
      gainOf(
        ours.map((each) => ({ stock: 10, ours: each })),
        "higher",
      ).verdict,
    ).toBe(verdict);
  });
});

describe("what took longer than the cap", () => {
  test("of stock: ours is at least so many times better", () => {
    const gain = gainOf(Array(3).fill({ stock: null, ours: 30 }), "lower", 120);
    expect(gain).toEqual({
      ...{ median: [4, Number.POSITIVE_INFINITY], spread: [4, Number.POSITIVE_INFINITY], verdict: "better" },
    });
  });

  test("of ours: ours is at most so good", () => {
    expect(gainOf(Array(3).fill({ stock: 30, ours: null }), "lower", 120)).toEqual({
      ...{ median: [0, 0.25], spread: [0, 0.25], verdict: "worse" },
    });
  });

  test("of both: nothing is known", () => {
    const gain = gainOf(Array(3).fill({ stock: null, ours: null }), "lower", 120);
    expect(gain.spread).toEqual([0, Number.POSITIVE_INFINITY]);
    expect(gain.verdict).toBe("no gain");
  });
});
