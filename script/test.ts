/**
 * script/test [--suite NAME] [--file PATH]: runs the suites, round by round, stops after the first round with a failure,
 * and counts over all of them. One suite or one file of tests by itself needs the images and nothing else of the others.
 */
import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Counts, none, sum } from "./counts.ts";
import { labSuite, program, ROOT, run, type Suite, vitestSuite } from "./suites.ts";

const LAB = ["stand-ins", "namespaces", "server", "vpc", "emulated"];

const images = program("images", "lab/images.ts");

/**
 * What fails fast comes first. The lanes of a round run side by side, the suites of a lane one after the other: two lanes,
 * as the least machine has two cores.
 */
const ROUNDS: Suite[][][] = [
  [[program("lint", "node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", ".")]],
  [[program("types", "node_modules/typescript/bin/tsc")]],
  // By itself: it installs ShellCheck on its first run.
  [[vitestSuite("scripts")]],
  [[vitestSuite("unit")], [images]],
  [["stand-ins", "namespaces", "server", "vpc"].map((name) => labSuite(name)), [labSuite("emulated")]],
];

const { suite, file } = parseArgs({
  options: { suite: { type: "string" }, file: { type: "string" } },
}).values;
process.exitCode = await main(file !== undefined ? alone(file) : suite !== undefined ? named(suite) : ROUNDS);

/** @returns the exit code. */
async function main(rounds: Suite[][][]): Promise<number> {
  const times: string[] = [];
  let total = none();
  for (const lanes of rounds) {
    const counts = await Promise.all(lanes.map((lane, i) => inTurn(lane, i === 0, times)));
    total = sum([total, ...counts]);
    if (counts.some(({ failed }) => failed > 0)) break;
  }
  console.log(`\n${times.join(", ")}`);
  for (const told of total.again) console.log(`run again: ${told}`);
  for (const { name, reason } of total.skipped) console.log(`skipped: ${name}: ${reason}`);
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`);
  return total.failed > 0 ? 1 : 0;
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
    if (counts.failed > 0) break;
  }
  return total;
}

/** One suite, with what it needs. @throws Error where there is none of that name. */
function named(name: string): Suite[][][] {
  if (LAB.includes(name)) return [[[images]], [[labSuite(name)]]];
  const found = ROUNDS.flat(2).find((each) => each.name === name);
  if (!found) {
    const names = ROUNDS.flat(2).map((each) => each.name);
    console.error(`there is no suite ${name}; there are ${names.join(", ")}`);
    process.exit(64);
  }
  return [[[found]]];
}

/** One file's suite, with that file alone. */
function alone(path: string): Suite[][][] {
  const file = relative(ROOT, resolve(path));
  if (!existsSync(join(ROOT, file)) || !/^test\/.*\.(test|lint)\.ts$/.test(file)) {
    console.error(`${path} is no file of tests: those are test/**/*.test.ts and test/scripts/*.lint.ts`);
    process.exit(64);
  }
  const place = /^test\/lab\/([^/]+)\//.exec(file)?.[1];
  if (place !== undefined) return [[[images]], [[labSuite(place, [file])]]];
  return [[[vitestSuite(file.startsWith("test/scripts/") ? "scripts" : "unit", [file])]]];
}
