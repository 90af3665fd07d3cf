/** Two builds of the program against each other: from a run's readings to the table. */

import { columns } from "../figures/columns.ts";
import { type Ratio, ratioOf, spread } from "../figures/ratios.ts";
import { median } from "../figures/statistics.ts";
import type { Measured } from "./child.ts";

export const BUILDS = ["other", "this"] as const;
export type Build = (typeof BUILDS)[number];

export interface BuildReading {
  round: number;
  /** As `nameOf` says it. */
  size: string;
  build: Build;
  measured: Measured;
}

export interface BuildLine {
  size: string;
  /** Resources, and medians of the rounds in milliseconds and MB. */
  by: Record<Build, { resources: number; cpu: number; memory: number }>;
  /** This build's over the other's, of the same round. */
  cpu: Ratio;
  memory: Ratio;
}

/** @throws Error where a round lacks one of the two. */
export function buildLines(readings: BuildReading[]): BuildLine[] {
  return [...Map.groupBy(readings, ({ size }) => size)].map(([size, of]) => {
    const rounds = [...Map.groupBy(of, ({ round }) => round)].map(([round, both]) => {
      const [other, ours] = BUILDS.map((build) => both.find((each) => each.build === build)?.measured);
      if (other === undefined || ours === undefined)
        throw new Error(`round ${round} of ${size} lacks a build`);
      return { other, this: ours };
    });
    const column = (build: Build) => ({
      resources: rounds[0]![build].resources,
      cpu: median(rounds.map((round) => round[build].cpu)),
      memory: median(rounds.map((round) => round[build].memory)),
    });
    const ratio = (what: "cpu" | "memory") =>
      ratioOf(rounds.map((round) => round.this[what] / round.other[what]));
    return {
      size,
      by: { other: column("other"), this: column("this") },
      cpu: ratio("cpu"),
      memory: ratio("memory"),
    };
  });
}

/** The lines as Markdown. */
export function buildsTable(lines: BuildLine[]): string {
  const head = ["", "resources", "CPU s", "before", "ratio", "least – most"];
  const more = ["memory, MB", "before", "ratio", "least – most"];
  const body = lines.map(({ size, by, cpu, memory }) => [
    ...[size, `${by.this.resources}`, seconds(by.this.cpu), seconds(by.other.cpu), cpu.median.toFixed(2)],
    ...[spread(cpu), by.this.memory.toFixed(0), by.other.memory.toFixed(0), memory.median.toFixed(2)],
    spread(memory),
  ]);
  return columns([[...head, ...more], ...body]);
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);
