/**
 * `npm run bench -- plan`: what a plan of the whole program takes, from one server to a thousand, against the bare mock
 * engine registering as many resources. Rounds of both, in turns, each in a process of its own.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Phases } from "../../lab/host/phases.ts";
import { run } from "../../lab/host/run.ts";
import { writeOutcome } from "../runs/outcome.ts";
import { turns } from "../runs/turns.ts";
import type { Measured } from "./child.ts";
import { linesOf, type Reading, table, type Variant } from "./lines.ts";
import { type Circumstances, page } from "./page.ts";
import { nameOf, SIZES, type Size } from "./sizes.ts";

export const ROOT = join(import.meta.dirname, "../..");

/** For one process on a busy machine. */
const TIMEOUT_MS = 10 * 60_000;

const VARIANTS: Variant[] = ["program", "bare"];

export interface PlanOptions {
  rounds: number;
  /** Write docs/bench.md too. */
  writeDocs: boolean;
}

export async function plan({ rounds, writeDocs }: PlanOptions): Promise<void> {
  const phases = new Phases();
  const folder = mkdtempSync(join(tmpdir(), "pptp-fleet-bench-plan-"));
  const fileOf = (size: Size) => join(folder, `${nameOf(size)}.json`);
  const readings: Reading[] = [];
  try {
    // The bare engine is told of what a run before it registered; that run counts for nothing.
    await phases.run("record", async () => {
      for (const size of SIZES) await child(["record", JSON.stringify(size), fileOf(size)]);
    });
    for (const size of SIZES) {
      await phases.run(nameOf(size), async (report) => {
        for (const [round, variant] of turns(rounds, VARIANTS)) {
          report(`round ${round} of ${rounds}, ${variant}`);
          const argument = variant === "program" ? JSON.stringify(size) : fileOf(size);
          const measured = await child([variant, argument]);
          readings.push({ round, size: nameOf(size), variant, measured });
        }
      });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const circumstances = circumstancesOf(rounds);
  const lines = linesOf(readings, SIZES);
  const shown = table(lines);
  const section = page(circumstances, lines, shown);
  writeOutcome("plan", { run: { circumstances, readings, lines }, section, shown }, writeDocs);
}

const child = (args: string[]) => measure(ROOT, args);

/** One measurement by the checkout in a folder. */
export async function measure(folder: string, args: string[]): Promise<Measured> {
  const { stdout } = await run(process.execPath, [join(folder, "bench/plan/child.ts"), ...args], {
    timeoutMs: TIMEOUT_MS,
  });
  return JSON.parse(stdout);
}

export function circumstancesOf(rounds: number): Circumstances {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  return {
    date: new Date().toISOString().slice(0, 10),
    rounds,
    node: process.version.slice(1),
    packages: Object.fromEntries(["@pulumi/pulumi", "@pulumi/aws"].map((name) => [name, dependencies[name]])),
  };
}
