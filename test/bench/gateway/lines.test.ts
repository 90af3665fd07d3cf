import { expect, test } from "vitest";
import { linesOf, type Reading, table } from "../../../bench/gateway/lines.ts";
import { aim } from "../../../bench/gateway/page.ts";

const ROWS = [{ name: "gre", title: "GRE" }];

const round = (round: number, door: number, plain: number, nat: number, ours: number): Reading[] => [
  { round, variant: "ours", values: { gre: ours } },
  { round, variant: "plain", values: { gre: plain, "gre-door": door } },
  { round, variant: "nat", values: { gre: nat } },
];

test("a hop is what is more than ending at the door, and counted in instructions of 2 ns", () => {
  const [line] = linesOf(round(1, 1000, 2000, 2800, 2100), ROWS);
  expect(line!.plain).toBe(500);
  expect(line!.nat.median).toBeCloseTo(1.8);
  expect(line!.ours.median).toBeCloseTo(1.1);
  expect(line!.oursOfAll.median).toBeCloseTo(1.05);
});

test("each round is compared with itself: a drift of all is no spread", () => {
  const [line] = linesOf([...round(1, 1000, 2000, 3000, 2200), ...round(2, 2000, 4000, 6000, 4400)], ROWS);
  expect(line!.ours).toEqual({ median: 1.2, least: 1.2, most: 1.2 });
});

test("a turn that is missing is no ratio of another round", () => {
  const readings = round(1, 1000, 2000, 3000, 2200).filter(({ variant }) => variant !== "nat");
  expect(() => linesOf(readings, ROWS)).toThrow("round 1 has no gre of nat");
});

test("the table shows the median, the least and the most", () => {
  const rounds = [
    ...round(1, 0, 1000, 2000, 1100),
    ...round(2, 0, 1000, 2000, 1300),
    ...round(3, 0, 1000, 1500, 1200),
  ];
  expect(table(linesOf(rounds, ROWS)).split("\n")[2]).toMatch(
    /^\| GRE +\| 500 +\| 2\.00 +\| 1\.50 – 2\.00 +\| 1\.20 +\| 1\.10 – 1\.30 +\| 1\.20 +\|$/,
  );
});

test("the page says of the aim what the table says, of GRE and of nothing else", () => {
  const rows = ["gre-in", "gre-out", "tcp-in"].map((name) => ({ name, title: name }));
  const run = (...ours: [number, number, number]) =>
    linesOf(
      (["plain", "nat", "ours"] as const).map((variant) => ({
        ...{ round: 1, variant },
        values: Object.fromEntries(
          rows.flatMap(({ name }, i) => [
            [name, variant === "ours" ? ours[i]! : 2000],
            [`${name}-door`, 1000],
          ]),
        ),
      })),
      rows,
    );
  const aimed = (...ours: [number, number, number]) => aim(run(...ours)).replace("\n", " ");
  expect(aimed(2050, 2100, 3000)).toMatch(
    /less, is met\*\*: the hop takes 1\.05 to 1\.10\. .* 1\.02 to 1\.05\.\)$/,
  );
  expect(aimed(2050, 2200, 2000)).toMatch(
    /less, is not met\*\*: the hop takes 1\.05 to 1\.20\. .* 1\.02 to 1\.10\.\)$/,
  );
});
