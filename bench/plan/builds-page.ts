/** A run of two builds as a section of docs/bench.md. */
import type { BuildLine } from "./builds-lines.ts";
import { type Circumstances, told } from "./page.ts";

/** Of the other build's, at the largest fleet. */
const AIM = { cpu: 0.6, memory: 0.82 };

export function buildsPage(
  circumstances: Circumstances & { before: string },
  lines: BuildLine[],
  shown: string,
): string {
  const largest = lines.reduce((a, b) => (b.by.this.resources > a.by.this.resources ? b : a));
  return `# What a plan takes against an earlier build

${told(circumstances)} Before: ${circumstances.before}.

${shown}

At the largest fleet the program takes ${verdict("CPU time", largest.cpu.median, AIM.cpu)} and ${verdict("memory", largest.memory.median, AIM.memory)}.

Both builds are run in turns (before, this, this, before, …), each in a process of its own, as [above](#what-a-plan-takes);
**ratio** is this build's over the other's of the same round, the median of the rounds. **CPU s** is user and system time,
**memory** the most that the process had.
`;
}

function verdict(what: string, ratio: number, aim: number): string {
  const off = Math.round((1 - ratio / aim) * 100);
  return `${ratio.toFixed(2)} times the ${what} of before, ${off >= 0 ? `${off} % below` : `**${-off} % above**`} the aim of ${aim}`;
}
