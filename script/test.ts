/** Runs all suites, round by round, stops after the first round with a failure, and counts over all of them. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Counts } from "./count-reporter.ts";

const ROOT = join(import.meta.dirname, "..");
const RESULTS = join(ROOT, "out", "test");
const NODE = process.execPath;

interface Suite {
  name: string;
  command: string[];
  /** Where a suite of many tests leaves its counts; any other is one test, by its exit code. */
  counts?: string;
}

const vitest = (project: string): Suite["command"] => [
  join(ROOT, "node_modules/vitest/vitest.mjs"),
  "run",
  "--project",
  project,
  "--reporter=default",
  "--reporter=./script/count-reporter.ts",
];

const lab = (project: string): Suite => ({
  name: project,
  command: [join(ROOT, "lab/enter.ts"), "--", NODE, ...vitest(project)],
  counts: join(RESULTS, `${project}.json`),
});

/** What fails fast comes first. Suites of one round run side by side. */
const ROUNDS: Suite[][] = [
  [
    {
      name: "lint",
      command: [join(ROOT, "node_modules/@biomejs/biome/bin/biome"), "check", "--error-on-warnings", "."],
    },
  ],
  [{ name: "types", command: [join(ROOT, "node_modules/typescript/bin/tsc")] }],
  // By itself: it installs ShellCheck on its first run.
  [{ name: "scripts", command: vitest("scripts"), counts: join(RESULTS, "scripts.json") }],
  [{ name: "unit", command: vitest("unit"), counts: join(RESULTS, "unit.json") }],
  [{ name: "images", command: [join(ROOT, "lab/images.ts")] }],
  // Each waits for its emulated machines most of the time, and each has one core.
  [lab("lab"), lab("vpc")],
];

rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });
const total: Counts = { passed: 0, failed: 0, skipped: [] };
const times: string[] = [];
for (const round of ROUNDS) {
  console.log(`\n══ ${round.map(({ name }) => name).join(", ")}`);
  const results = await Promise.all(round.map((suite, i) => run(suite, i === 0)));
  for (const { passed, failed, skipped } of results) {
    total.passed += passed;
    total.failed += failed;
    total.skipped.push(...skipped);
  }
  if (results.some(({ failed }) => failed > 0)) break;
}
console.log(`\n${times.join(", ")}`);
for (const { name, reason } of total.skipped) console.log(`skipped: ${name}: ${reason}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** One suite. Its output shows as it comes where it is the first of its round, else at its end. */
async function run({ name, command, counts }: Suite, first: boolean): Promise<Counts> {
  const started = performance.now();
  const env = { ...process.env, ...(counts === undefined ? {} : { COUNTS: counts }) };
  const child = spawn(NODE, command, {
    cwd: ROOT,
    stdio: ["inherit", first ? "inherit" : "pipe", first ? "inherit" : "pipe"],
    env,
  });
  const held = first ? [] : [child.stdout!, child.stderr!].map((stream) => text(stream));
  const code = await new Promise((resolve) => child.once("close", resolve));
  const ok = code === 0;
  for (const each of held) console.log(await each);
  times.push(`${name} ${Math.round((performance.now() - started) / 1000)} s`);
  console.log(`══ ${times.at(-1)}`);
  if (counts === undefined) return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [] };
  // A suite that died before it could count has failed.
  if (!existsSync(counts)) return { passed: 0, failed: 1, skipped: [] };
  const counted: Counts = JSON.parse(readFileSync(counts, "utf8"));
  return { ...counted, failed: ok ? counted.failed : Math.max(counted.failed, 1) };
}
