/**
 * Tells which files of tests a crash of a guest has reached, where the environment's CRASHES says: one path a line, with
 * the crash behind it. `script/test` runs those again, in a lab of their own.
 */
import { appendFileSync } from "node:fs";
import { afterAll, expect } from "vitest";
import { crashes } from "../../lab/guest/guest.ts";

// A guest that has crashed is missed by every file that comes after.
afterAll(() => {
  const { testPath } = expect.getState();
  const [first] = crashes;
  if (process.env.CRASHES && first !== undefined)
    appendFileSync(process.env.CRASHES, `${JSON.stringify({ file: testPath, crash: first })}\n`);
});
