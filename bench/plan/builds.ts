/**
 * `npm run bench -- plan --against FOLDER`: this build's plan against that of another checkout, each in turns and in a process
 * of its own. FOLDER has its own node_modules; it is measured by its own bench/plan/child.ts.
 */
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { Phases } from "../../lab/host/phases.ts";
import { writeOutcome } from "../runs/outcome.ts";
import { turns } from "../runs/turns.ts";
import { BUILDS, type Build, type BuildReading, buildLines, buildsTable } from "./builds-lines.ts";
import { buildsPage } from "./builds-page.ts";
import { circumstancesOf, measure, type PlanOptions, ROOT } from "./plan.ts";
import { nameOf, SIZES } from "./sizes.ts";

/** The largest of each front door, and one server's: what every plan takes. */
const COMPARED = ["eip-1", "eip-1000", "nlb-186"];

export async function builds({ rounds, writeDocs }: PlanOptions, against: string): Promise<void> {
  const folders: Record<Build, string> = { this: ROOT, other: resolve(against) };
  const phases = new Phases();
  const readings: BuildReading[] = [];
  for (const size of SIZES.filter((each) => COMPARED.includes(nameOf(each)))) {
    await phases.run(nameOf(size), async (report) => {
      for (const [round, build] of turns(rounds, BUILDS)) {
        report(`round ${round} of ${rounds}, ${build}`);
        const measured = await measure(folders[build], ["program", JSON.stringify(size)]);
        readings.push({ round, size: nameOf(size), build, measured });
      }
    });
  }
  const lines = buildLines(readings);
  const shown = buildsTable(lines);
  const circumstances = { ...circumstancesOf(rounds), before: commitOf(folders.other) };
  const section = buildsPage(circumstances, lines, shown);
  writeOutcome("plan --against", { run: { circumstances, readings, lines }, section, shown }, writeDocs);
}

/** Of the other only: this build is the one that the page is committed with. */
function commitOf(folder: string): string {
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", folder, ...args], { encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain") === "" ? "" : ", with changes";
  return git("rev-parse", "--short", "HEAD") + changed;
}
