import { expect, test } from "vitest";
import {
  linesOf,
  type Reading,
  requestsTable,
  shareOf,
  timesTable,
  type Variant,
} from "../../../bench/apply/lines.ts";
import { page } from "../../../bench/apply/page.ts";
import type { Asked } from "../../../bench/apply/requests.ts";

const asked = (same: number, pointer: number, bundle: number, report: number): Asked => ({
  requests: {
    "GET pointer, as it was": same,
    "GET pointer": pointer,
    "GET bundle": bundle,
    "PUT report": report,
  },
  ...{ got: bundle * 9_000, sent: report * 500 },
});
const reading = (round: number, variant: Variant, ...seconds: number[]): Reading => {
  const n = seconds.length;
  return {
    round,
    variant,
    seconds,
    change: asked(0, n, n, 2 * n),
    idle: asked(n, 0, 0, 0),
    due: asked(n, 0, 0, n),
  };
};
const READINGS = [
  ...[reading(1, "alone", 1, 2, 9), reading(1, "together", 3, 5, 8)],
  ...[reading(2, "together", 4, 6, 20), reading(2, "alone", 4)],
];

test("a line holds machines together against one alone of the same round", () => {
  const [middle, last] = linesOf(READINGS);
  expect(middle).toMatchObject({ alone: 3, together: 5.5, ratio: { median: 2, least: 1.5, most: 2.5 } });
  expect(last).toMatchObject({ alone: 3, together: 14, ratio: { median: 4.5, least: 4, most: 5 } });
  expect(shareOf([middle!, last!], 3)).toBe(1.5);
});

test("a round that lacks a turn is none", () => {
  expect(() => linesOf(READINGS.slice(1))).toThrow("round 1 lacks a turn");
});

test("the tables say whose each row is", () => {
  const [, , middle] = timesTable(linesOf(READINGS), 3).split("\n");
  expect(middle).toMatch(/^\| a machine's report, median +\| 3\.0 +\| 5\.5 +\| 2\.0 +\| 1\.50 – 2\.50 +\|$/);
  const rows = requestsTable(READINGS, 3)
    .split("\n")
    .slice(2)
    .map((row) =>
      row
        .split("|")
        .map((cell) => cell.trim())
        .slice(1, -1),
    );
  expect(rows[0]).toEqual(["a change, one machine", "1", "0", "1", "2", "9.0", "1.0"]);
  expect(rows[1]).toEqual(["a change, 3", "3", "0", "3", "6", "27.0", "3.0"]);
  expect(rows[3]).toEqual(["an idle minute, 3", "0", "3", "0", "0", "0.0", "0.0"]);
  expect(rows[5]).toEqual(["each fifth idle minute, 3", "0", "3", "0", "3", "0.0", "1.5"]);
});

test("the page says what a month costs, and what the run leaves out", () => {
  const circumstances = {
    ...{ date: "2026-01-31", rounds: 2, machines: 3, kernel: "6.12", kind: "uml", memoryMB: 5000 },
    ...{ packages: { python3: "3.13" }, host: { cpus: 2, load: 7.25 } },
  };
  const text = page(circumstances, READINGS, linesOf(READINGS));
  expect(text).toContain("43,200 GET and 8,640 PUT a machine: 0.06 USD, 0.18 USD for 3");
  expect(text).toContain(
    "2026-01-31, 2 rounds. User-mode Linux with one CPU and 5000 MB: Debian 13 with Linux 6.12, python3 3.13.",
  );
  expect(text).toContain("Machines alone took 1.0 to 9.0 s: a difference within that is noise.");
  expect(text).toMatch(/No systemd runs in these machines/);
});
