/**
 * script/test [--suite NAME] [--file PATH]: runs the suites, round by round, stops after the first round with a failure,
 * and counts over all of them. One suite or one file of tests by itself needs the images and nothing else of the others.
 */
import { parseArgs } from "node:util";
import { type Counts, none, sum } from "./suites/counts.ts";
import { chosen, NoSuch } from "./suites/rounds.ts";
import { run, type Suite } from "./suites/suites.ts";

const options = { suite: { type: "string" }, file: { type: "string" } } as const;
try {
  process.exitCode = await main(chosen(parseArgs({ options }).values));
} catch (error) {
  if (!(error instanceof NoSuch)) throw error;
  console.error(error.message);
  process.exitCode = 64;
}

/** @returns the exit code. */
async function main(rounds: Suite[][][]): Promise<number> {
  // One suite at a time: its guests have the machine to themselves (lab/guest/uml.ts).
  if (rounds.every((lanes) => lanes.length === 1)) process.env.LAB_ALONE = "1";
  const times: string[] = [];
  let total = none();
  for (const lanes of rounds) {
    const counts = await Promise.all(lanes.map((lane, i) => inTurn(lane, i === 0, times)));
    total = sum([total, ...counts]);
    if (total.failed.length > 0) break;
  }
  console.log(`\n${times.join(", ")}`);
  for (const told of total.again) console.log(`run again: ${told}`);
  for (const { name, reason } of total.skipped) console.log(`skipped: ${name}: ${reason}`);
  for (const { name, reason } of total.failed) console.log(`failed: ${name}: ${reason}`);
  console.log(`${total.passed} passed, ${total.failed.length} failed, ${total.skipped.length} skipped`);
  return total.failed.length > 0 ? 1 : 0;
}

/** The suites of a lane, up to the first that fails. */
async function inTurn(lane: Suite[], shown: boolean, times: string[]): Promise<Counts> {
  let total = none();
  for (const suite of lane) {
    const started = performance.now();
    console.log(`\n══ ${suite.name}`);
    const counts = await run(suite, shown);
    times.push(`${suite.name} ${Math.round((performance.now() - started) / 1000)} s`);
    console.log(`══ ${times.at(-1)}`);
    total = sum([total, counts]);
    if (counts.failed.length > 0) break;
  }
  return total;
}
