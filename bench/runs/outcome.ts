/** What a bench leaves behind: `out/bench/<bench>.{json,md}`, and its section of docs/bench.md where that is asked for. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeSection } from "./docs.ts";

const RESULTS = join(import.meta.dirname, "../../out/bench");

export interface BenchOutcome {
  /** Everything that was read, and what was made of it. */
  run: object;
  /** The section: Markdown. */
  section: string;
  /** What the terminal shows of it: the table. */
  shown: string;
}

export function writeOutcome(bench: string, { run, section, shown }: BenchOutcome, writeDocs: boolean): void {
  mkdirSync(RESULTS, { recursive: true });
  const file = bench.replaceAll(/\W+/g, "-");
  writeFileSync(join(RESULTS, `${file}.json`), `${JSON.stringify(run, null, 2)}\n`);
  writeFileSync(join(RESULTS, `${file}.md`), section);
  if (writeDocs) writeSection(bench, section);
  const same = writeDocs ? "; a section of docs/bench.md is the same" : "";
  console.log(`\n${shown}\n\nout/bench/${file}.md says how to read it${same}`);
}
