/** Time as the lab's machines could use it: what they wait for a processor is left out of it, and nothing else is. */

import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../../../../lab/host/run.ts";

interface Passed {
  /** Milliseconds. */
  clock: number;
  own: number;
  stolen: number;
  /** When by the clock an alarm of 400 ms rang. */
  rung: number;
  offRang: boolean;
}

async function passed(group: "busy" | "quiet"): Promise<Passed> {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, "clock-facts.ts"), group]);
  return JSON.parse(stdout);
}

test("passes slower for those who wait for a processor, and an eighth of it passes all the same", async () => {
  const { clock, own, rung, offRang } = await passed("busy");
  // Two of three wait at any time, and more on a machine with other work to do.
  expect(own).toBeLessThan(clock / 2);
  expect(own).toBeGreaterThanOrEqual(clock / 8 - 20);
  expect(rung).toBeGreaterThan(800);
  expect(offRang).toBe(false);
});

test("passes as the clock does for those who sleep, less what the machine itself was not given", async () => {
  const { clock, own, stolen, offRang } = await passed("quiet");
  expect(clock - own).toBeLessThanOrEqual(stolen + clock / 10);
  // The one was read a moment after the other.
  expect(own).toBeLessThanOrEqual(clock + 20);
  expect(offRang).toBe(false);
});
