/** Runs all suites one after the other, stops at the first that fails, and counts over all of them. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
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

const SUITES: Suite[] = [
  {
    name: "lint",
    command: [join(ROOT, "node_modules/@biomejs/biome/bin/biome"), "check", "--error-on-warnings", "."],
  },
  { name: "types", command: [join(ROOT, "node_modules/typescript/bin/tsc")] },
  { name: "unit", command: vitest("unit"), counts: join(RESULTS, "unit.json") },
  { name: "images", command: [join(ROOT, "lab/images.ts")] },
  {
    name: "lab",
    command: [join(ROOT, "lab/enter.ts"), "--", NODE, ...vitest("lab")],
    counts: join(RESULTS, "lab.json"),
  },
];

rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });
const total: Counts = { passed: 0, failed: 0, skipped: [] };
const times: string[] = [];
for (const suite of SUITES) {
  const started = performance.now();
  console.log(`\n══ ${suite.name}`);
  const { passed, failed, skipped } = run(suite);
  total.passed += passed;
  total.failed += failed;
  total.skipped.push(...skipped);
  times.push(`${suite.name} ${Math.round((performance.now() - started) / 1000)} s`);
  console.log(`══ ${times.at(-1)}`);
  if (failed > 0) break;
}
console.log(`\n${times.join(", ")}`);
for (const { name, reason } of total.skipped) console.log(`skipped: ${name}: ${reason}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;

function run({ command, counts }: Suite): Counts {
  const env = { ...process.env, ...(counts === undefined ? {} : { COUNTS: counts }) };
  const ok = spawnSync(NODE, command, { cwd: ROOT, stdio: "inherit", env }).status === 0;
  if (counts === undefined) return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [] };
  // A suite that died before it could count has failed.
  if (!existsSync(counts)) return { passed: 0, failed: 1, skipped: [] };
  const counted: Counts = JSON.parse(readFileSync(counts, "utf8"));
  return { ...counted, failed: ok ? counted.failed : Math.max(counted.failed, 1) };
}
