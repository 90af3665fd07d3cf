import { describe, expect, test } from "vitest";
import { MINUTES_A_MONTH, monthOf, PRICE } from "../../../bench/apply/cost.ts";
import { askedOf, secondsOf } from "../../../bench/apply/requests.ts";
import type { S3Request } from "../../../lab/aws/s3.ts";

const request = (
  operation: string,
  own: string,
  status: number,
  more: Partial<S3Request> = {},
): S3Request => ({
  ...{ at: 0, machine: "a-1", operation, key: `machines/${more.machine ?? "a-1"}/${own}`, status },
  ...{ code: "", bytes: 0, ...more },
});
const change = (machine: string, end: number): S3Request[] => [
  request("GetObject", "desired", 200, { machine, at: 1_000, bytes: 160 }),
  request("GetObject", "bundles/0a", 200, { machine, at: 1_100, bytes: 9_000 }),
  request("PutObject", "status", 200, { machine, at: 1_200, bytes: 300 }),
  request("PutObject", "status", 200, { machine, at: end, bytes: 500 }),
];

describe("requests", () => {
  test("are counted by kind, with what was got and sent", () => {
    expect(askedOf([...change("a-1", 3_000), request("GetObject", "desired", 304)])).toEqual({
      requests: { "GET pointer, as it was": 1, "GET pointer": 1, "GET bundle": 1, "PUT report": 2 },
      got: 9_160,
      sent: 800,
    });
  });

  test.each<[string, S3Request]>([
    [
      "a-1 asked GetObject machines/a-1/desired: 403 AccessDenied",
      request("GetObject", "desired", 403, { code: "AccessDenied" }),
    ],
    [
      "a-1 asked GetObject machines/a-2/desired: 200",
      { ...request("GetObject", "desired", 200), key: "machines/a-2/desired" },
    ],
    ["a-1 asked GetObject machines/a-1/status: 200", request("GetObject", "status", 200)],
    ["nobody asked", { ...request("GetObject", "desired", 200), machine: "" }],
  ])("that no machine in order makes end the run: %s", (text, odd) => {
    expect(() => askedOf([odd])).toThrow(text);
  });
});

describe("a machine's time", () => {
  test("ends with its own last report", () => {
    const all = [...change("a-1", 9_000), ...change("a-2", 4_500)];
    expect(secondsOf(["a-1", "a-2"], 500, all)).toEqual([8.5, 4]);
  });

  test("is not made up for one that has not reported", () => {
    expect(() => secondsOf(["a-1", "a-3"], 0, change("a-1", 1))).toThrow("a-3 has not reported");
  });
});

test("a month is a look a minute, and a report with each fifth of them", () => {
  const idle = askedOf([request("GetObject", "desired", 304)]);
  const due = askedOf([request("GetObject", "desired", 304), request("PutObject", "status", 200)]);
  const { gets, puts, dollars } = monthOf(idle, due);
  expect([gets, puts]).toEqual([MINUTES_A_MONTH, MINUTES_A_MONTH / 5]);
  expect(dollars).toBeCloseTo(43.2 * PRICE.get + 8.64 * PRICE.put, 10);
});
