/** What a person reads after the legs, of what was found in the account. */
import { expect, test } from "vitest";
import type { Fault, Note } from "../../../probe/aws/inventory.ts";
import { conclusion } from "../../../probe/cli/show.ts";
import type { Report } from "../../../probe/probe.ts";

const OK: Report = { address: "198.51.100.1", ok: true, legs: [], causes: [], findings: [], grown: {} };
const WELL = "On AWS everything is as the fleet needs it, as far as this probe looks.";
const fault: Fault = { id: "drift", resource: "a-1 (i-1)", wrong: "found changed", fix: "set it" };
const note: Note = { id: "waits", resource: "a-1 (i-1)", says: "packages ppp: for 3 sessions to leave" };

const lines = (faults: Fault[], notes: Note[]) => conclusion(OK, { faults, notes }).split("\n");

test("nobody looked: nothing of the account", () => {
  expect(conclusion(OK)).toBe("All legs are ok.");
});

test("what machines wait for is told apart from what is at fault, and all is well beside it", () => {
  expect(lines([], [note])).toEqual([
    ...["All legs are ok.", "", WELL, ""],
    "Machines wait, and tunnels do not:",
    "  a-1 (i-1): packages ppp: for 3 sessions to leave",
  ]);
});

test("faults come first, with what to do, and the leg that they break", () => {
  expect(lines([{ ...fault, leg: "lcp" }, fault], [note]).slice(1)).toEqual([
    ...["", "At fault on AWS:"],
    ...["  a-1 (i-1): found changed (breaks LCP)", "     → set it"],
    ...["  a-1 (i-1): found changed", "     → set it"],
    ...["", "Machines wait, and tunnels do not:", "  a-1 (i-1): packages ppp: for 3 sessions to leave"],
  ]);
});

test("nothing found: no more than that", () => {
  expect(lines([], [])).toEqual(["All legs are ok.", "", WELL]);
});
