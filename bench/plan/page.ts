/** A run of the plan's bench as a section of docs/bench.md. */
import type { Line } from "./lines.ts";

export interface Circumstances {
  /** As in 2026-01-31. */
  date: string;
  rounds: number;
  node: string;
  /** Versions of the SDK's packages, by name. */
  packages: Record<string, string>;
}

/** How many times what the bare engine takes the program may take, at the largest fleet. */
const AIM = 1.5;

/** The first line of a page. */
export function told({ date, rounds, node, packages }: Circumstances): string {
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return `${date}, ${rounds} ${rounds === 1 ? "round" : "rounds"}. Node ${node}, ${versions.join(", ")}.`;
}

export function page(circumstances: Circumstances, lines: Line[], shown: string): string {
  return `# What a plan takes

${told(circumstances)}

${shown}

${verdict(lines)}

**s** and **CPU s**: the whole program, from the process's start to its last resource, by the clock and by the CPU; the
clock's is longer where other work shared the machine, and shorter where a run had two cores. **memory**: what the process had in memory at most. **CPU ms a server**: for each server
after the first. **growth**: the exponent with which the CPU time above one server's grows from the size above it; 1
is linear. **ratio**: the program's CPU time over the bare engine's, each compared within its round. All are medians of
the rounds.

## What is compared

- **the program**: \`index.ts\` as \`npm run plan\` runs it, with neither Pulumi's engine nor AWS: config read, AWS's answers
  made up, every machine's files rendered and packed, every resource registered with the SDK's mock engine and recorded.
- **the bare engine**: the same mock engine, told of the same resources and nothing else. They are of the same types, by
  the SDK's own classes, with the same names, parents and inputs, whole user data among them; the inputs are plain, so
  that no resource waits for another. Nothing is rendered, asked or recorded. Reading the list of them is not counted.

Each measurement is a process of its own; the two take turns (program, bare, bare, program, …). Most of both is the SDK's
own work: four promises for every property that a type has, set or not. The bare engine keeps the stack traces that the SDK
takes of each of them, the program does without (components/promise-debugging.ts). Pulumi's real engine,
its provider's own process and AWS's API are in neither. AWS's API is what an update waits for, and has not been measured.
`;
}

function verdict(lines: Line[]): string {
  const largest = lines.reduce((a, b) => (b.size.servers > a.size.servers ? b : a));
  const { servers } = largest.size;
  const ratio = largest.ratio.median;
  return `With ${servers.toLocaleString("en")} servers the program takes ${ratio.toFixed(2)} times as long as the bare engine: ${ratio <= AIM ? "within" : "**over**"} the aim of ${AIM}.`;
}
