/** Suites of tests: how each is run, and what it comes to. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { text } from "node:stream/consumers";
import type { FileCounts } from "./count-reporter.ts";
import { type Counts, none, sum } from "./counts.ts";

export const ROOT = join(import.meta.dirname, "../..");
const RESULTS = join(ROOT, "out", "test");
const NODE = process.execPath;

export interface Suite {
  name: string;
  /** Node's arguments. For a suite of vitest's, these files alone. */
  command: (files: string[]) => string[];
  /** Whether vitest counts it; any other is one test, by its exit code. */
  counted: boolean;
  files: string[];
}

/** A program that passes or fails. */
export const program = (name: string, path: string, ...args: string[]): Suite => ({
  ...{ name, counted: false, files: [] },
  command: () => [join(ROOT, path), ...args],
});

/**
 * A project of vitest's. What its tests print shows where they fail.
 *
 * @param files Of all its files, these. @default all
 */
export const vitestSuite = (name: string, files: string[] = []): Suite => ({
  ...{ name, counted: true, files },
  command: (only) => [...vitest(name, only), "--silent=passed-only"],
});

function vitest(name: string, files: string[]): string[] {
  return [
    ...[join(ROOT, "node_modules/vitest/vitest.mjs"), "run", "--project", name, ...files],
    ...["--reporter=default", "--reporter=./script/suites/count-reporter.ts"],
  ];
}

/** The same inside of the lab's namespaces, whose phases show as they come. */
export const labSuite = (name: string, files: string[] = []): Suite => ({
  ...vitestSuite(name, files),
  command: (only) => [join(ROOT, "lab/enter.ts"), "--", NODE, ...vitest(name, only)],
});

/**
 * Runs a suite. Files that failed after a guest had crashed are run again, once, in a lab of their own: the crash of an
 * emulator says nothing of what was tested. A second crash is a failure.
 *
 * @param shown Whether its output shows as it comes, and not at its end.
 */
export async function run(suite: Suite, shown: boolean): Promise<Counts> {
  const first = await once(suite, suite.files, shown);
  const failed = Object.keys(first.counts).filter((file) => first.counts[file]!.failed.length > 0);
  if (failed.length === 0 || !failed.every((file) => first.crashed.has(file))) return total(first.counts);
  const told = failed.map(
    (file) => `${relative(ROOT, file)}, as a guest had crashed: ${first.crashed.get(file)}`,
  );
  console.log(`\n══ ${suite.name}: again\n${told.join("\n")}`);
  const second = await once(suite, failed, shown);
  return sum([{ ...none(), again: told }, total({ ...first.counts, ...second.counts })]);
}

interface Ended {
  counts: FileCounts;
  /** The files that a crash of a guest has reached, with the crash. */
  crashed: Map<string, string>;
}

async function once({ name, command, counted }: Suite, files: string[], shown: boolean): Promise<Ended> {
  mkdirSync(RESULTS, { recursive: true });
  const [counts, crashes] = [join(RESULTS, `${name}.json`), join(RESULTS, `${name}.crashes`)];
  for (const file of [counts, crashes]) rmSync(file, { force: true });
  const child = spawn(NODE, command(files), {
    cwd: ROOT,
    stdio: ["inherit", shown ? "inherit" : "pipe", shown ? "inherit" : "pipe"],
    env: { ...process.env, COUNTS: counts, CRASHES: crashes },
  });
  const held = shown ? [] : [child.stdout!, child.stderr!].map((stream) => text(stream));
  const ok = (await new Promise((resolve) => child.once("close", resolve))) === 0;
  for (const each of held) console.log(await each);
  const crashed = new Map(
    lines(crashes).map((line): [string, string] => {
      const { file, crash } = JSON.parse(line);
      return [file, crash.split("\n")[0]];
    }),
  );
  const badly: Counts = { ...none(), failed: [{ name, reason: "it ended badly" }] };
  if (!counted) return { counts: { "": ok ? { ...none(), passed: 1 } : badly }, crashed };
  // A suite that died before it could count has failed.
  if (!existsSync(counts)) return { counts: { "": badly }, crashed };
  const told: FileCounts = JSON.parse(readFileSync(counts, "utf8"));
  if (!ok && total(told).failed.length === 0) told[""] = sum([told[""] ?? none(), badly]);
  return { counts: told, crashed };
}

const total = (counts: FileCounts): Counts => sum(Object.values(counts));

function lines(path: string): string[] {
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
}
