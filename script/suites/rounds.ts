/** Which suites script/test runs, and in which order. */
import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { labSuite, program, ROOT, type Suite, vitestSuite } from "./suites.ts";

/**
 * Lanes of some ten minutes each. They are more than the least machine's two cores, as a machine under test mostly waits,
 * for a timer of its own or for nothing to arrive (the suite `server` by itself leaves half of both cores idle). The suites
 * whose machines are emulated share one: side by side, each took twice as long.
 */
const LANES = [["first-boot", "emulated"], ["vpc"], ["server"], ["namespaces", "change", "stand-ins"]];
const LAB = LANES.flat();

const images = program("images", "lab/images.ts");

/** What fails fast comes first. The lanes of a round run side by side, the suites of a lane one after the other. */
const ROUNDS: Suite[][][] = [
  [[program("lint", "node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", ".")]],
  [[program("types", "node_modules/typescript/bin/tsc")]],
  // By itself: it installs ShellCheck, AWS's models and its reference on its first run.
  [[vitestSuite("scripts")]],
  [[vitestSuite("unit")], [images]],
  LANES.map((names) => names.map((name) => labSuite(name))),
];

/** All of them, or one suite or one file with what it needs. @throws NoSuch with those that there are. */
export function chosen({ suite, file }: { suite?: string; file?: string }): Suite[][][] {
  if (file !== undefined) return alone(file);
  return suite === undefined ? ROUNDS : named(suite);
}

/** There is no such suite, or no such file of tests. */
export class NoSuch extends Error {}

function named(name: string): Suite[][][] {
  if (LAB.includes(name)) return [[[images]], [[labSuite(name)]]];
  const found = ROUNDS.flat(2).find((each) => each.name === name);
  if (!found) {
    const names = ROUNDS.flat(2).map((each) => each.name);
    throw new NoSuch(`there is no suite ${name}; there are ${names.join(", ")}`);
  }
  return [[[found]]];
}

/** One file's suite, with that file alone. */
function alone(path: string): Suite[][][] {
  const file = relative(ROOT, resolve(path));
  if (!existsSync(join(ROOT, file)) || !/^test\/.*\.(test|lint)\.ts$/.test(file))
    throw new NoSuch(
      `${path} is no file of tests: those are test/**/*.test.ts and test/scripts/**/*.lint.ts`,
    );
  const place = /^test\/lab\/([^/]+)\//.exec(file)?.[1];
  if (place !== undefined) return [[[images]], [[labSuite(place, [file])]]];
  return [[[vitestSuite(file.startsWith("test/scripts/") ? "scripts" : "unit", [file])]]];
}
