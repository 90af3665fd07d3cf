/** From a run's readings to the table's lines. */

import { columns } from "../figures/columns.ts";
import { type Ratio, ratioOf, spread } from "../figures/ratios.ts";
import { median } from "../figures/statistics.ts";
import type { Measured } from "./child.ts";
import { nameOf, type Size } from "./sizes.ts";

export type Variant = "program" | "bare";

export interface Reading {
  round: number;
  /** As `nameOf` says it. */
  size: string;
  variant: Variant;
  measured: Measured;
}

export interface Line {
  size: Size;
  resources: number;
  /** Of the program; medians of the rounds, milliseconds and MB. */
  elapsed: number;
  cpu: number;
  memory: number;
  /** CPU milliseconds for each server after the first; none at the first. */
  perServer: number | undefined;
  /** Exponent by which that grows from the size before: 1 is linear. None where there is no such size. */
  growth: number | undefined;
  /** CPU milliseconds of the bare engine. */
  bare: number;
  /** The program's CPU time over the bare engine's, of the same round. */
  ratio: Ratio;
}

/** @throws Error where a round lacks a reading, or the bare engine was told of other resources than the program's. */
export function linesOf(readings: Reading[], sizes: Size[]): Line[] {
  const rounds = [...new Set(readings.map(({ round }) => round))];
  const read = (size: Size, variant: Variant): Measured[] =>
    rounds.map((round) => {
      const found = readings.find(
        (each) => each.round === round && each.size === nameOf(size) && each.variant === variant,
      );
      if (!found) throw new Error(`round ${round} has no ${nameOf(size)} of ${variant}`);
      return found.measured;
    });
  const cpuOf = (size: Size) => median(read(size, "program").map(({ cpu }) => cpu));
  return sizes.map((size): Line => {
    const [program, bare] = [read(size, "program"), read(size, "bare")];
    const counts = new Set([...program, ...bare].map(({ resources }) => resources));
    if (counts.size > 1) throw new Error(`${nameOf(size)} was registered with ${[...counts].join(" and ")}`);
    // A zone more is resources of its own, so only sizes with as many compare.
    const alike = sizes.filter(
      ({ frontDoor, zones }) => frontDoor === size.frontDoor && zones === size.zones,
    );
    const [first, before] = [alike[0]!, alike[alike.indexOf(size) - 1]];
    const above = (of: Size) => cpuOf(of) - cpuOf(first);
    return {
      size,
      resources: program[0]!.resources,
      elapsed: median(program.map(({ elapsed }) => elapsed)),
      cpu: cpuOf(size),
      memory: median(program.map(({ memory }) => memory)),
      perServer: first === size ? undefined : above(size) / (size.servers - first.servers),
      growth:
        before === undefined || before === first
          ? undefined
          : Math.log(above(size) / above(before)) /
            Math.log((size.servers - first.servers) / (before.servers - first.servers)),
      bare: median(bare.map(({ cpu }) => cpu)),
      ratio: ratioOf(program.map(({ cpu }, i) => cpu / bare[i]!.cpu)),
    };
  });
}

/** The lines as Markdown. */
export function table(lines: Line[]): string {
  const head = [
    ...["", "resources", "s", "CPU s", "memory, MB", "CPU ms a server", "growth"],
    ...["bare engine, CPU s", "ratio", "least – most"],
  ];
  const body = lines.map(({ size, ...line }) => [
    `${size.frontDoor}, ${size.servers} in ${size.zones === 1 ? "one zone" : `${size.zones} zones`}`,
    ...[String(line.resources), seconds(line.elapsed), seconds(line.cpu), line.memory.toFixed(0)],
    ...[line.perServer?.toFixed(1) ?? "", line.growth?.toFixed(2) ?? ""],
    ...[seconds(line.bare), line.ratio.median.toFixed(2)],
    spread(line.ratio),
  ]);
  return columns([head, ...body]);
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);
