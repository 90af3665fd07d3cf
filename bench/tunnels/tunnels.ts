/** `npm run bench -- tunnels`: rounds of stock and ours, in turns, on one machine. Runs inside lab/enter.ts only. */
import { mkdtempSync } from "node:fs";
import type { Guest } from "../../lab/guest/guest.ts";
import { Phases, type Report } from "../../lab/host/phases.ts";
import { type ToolsImage, toolsImage } from "../../lab/image/image.ts";
import type { MachineFile } from "../../render/overlay.ts";
import { circumstancesOf } from "../runs/circumstances.ts";
import { inGuest, startMachine } from "../runs/machine.ts";
import { takeTurns, turns } from "../runs/turns.ts";
import { writeReport } from "./report.ts";
import { nameOf, type Reading } from "./results.ts";
import { inRound, MEASUREMENTS, type Measurement } from "./rows.ts";
import { defaultServer, VARIANTS, type Variant, variantFiles } from "./variants.ts";

/** Real time that one measurement may take on a busy host. */
const MEASUREMENT_TIMEOUT_MS = 15 * 60_000;

/** Whose versions the result names. */
const PACKAGES = ["pptpd", "ppp", "pptp-linux", "iperf3"];

/** Reads every file and starts every program once: what comes from the disk costs no instructions, but time. */
const WARM_UP: Measurement = { arguments: ["tcp", "1", "1"], rows: {} };

export interface TunnelsOptions {
  rounds: number;
  /** Write docs/bench.md and docs/bench.svg too. */
  writeDocs: boolean;
}

export async function tunnels({ rounds, writeDocs }: TunnelsOptions): Promise<void> {
  const phases = new Phases();
  const image = await phases.run("image", toolsImage);
  const server = await phases.run("program", defaultServer);
  const files = { stock: variantFiles("stock", server, image), ours: variantFiles("ours", server, image) };
  const readings: Reading[] = [];
  const machine = await takeTurns(
    turns(rounds, VARIANTS),
    () => boot(phases, image, files),
    (machine, round, variant) =>
      phases.run(`round ${round} of ${rounds}, ${variant}`, async (report) => {
        readings.push(...(await take(machine, round, variant, report)));
      }),
  );
  const circumstances = await circumstancesOf(machine, files.ours, rounds, PACKAGES);
  await machine.stop();
  console.log(`\n${await writeReport({ circumstances, readings }, writeDocs)}`);
  console.log(`\nout/bench/tunnels.md says how to read it${writeDocs ? "; docs/bench.md is the same" : ""}`);
}

async function boot(
  phases: Phases,
  image: ToolsImage,
  files: Record<Variant, MachineFile[]>,
): Promise<Guest> {
  const machine = await phases.run("boot", () =>
    startMachine(image, mkdtempSync("/run/pptp-fleet-bench-"), {
      "stock.json": JSON.stringify(files.stock),
      "ours.json": JSON.stringify(files.ours),
    }),
  );
  await phases.run("warm-up", async () => {
    for (const variant of VARIANTS) {
      await become(machine, variant);
      await measure(machine, WARM_UP);
    }
  });
  return machine;
}

/** All measurements of one round on one variant. */
async function take(machine: Guest, round: number, variant: Variant, report: Report): Promise<Reading[]> {
  await become(machine, variant);
  const readings: Reading[] = [];
  for (const measurement of MEASUREMENTS.filter((each) => inRound(each, round))) {
    report(nameOf(measurement));
    const values = await measure(machine, measurement);
    readings.push({ round, variant, measurement: nameOf(measurement), values });
  }
  return readings;
}

async function become(machine: Guest, variant: Variant): Promise<void> {
  await inGuest(machine, "variant.py", [variant], MEASUREMENT_TIMEOUT_MS);
}

async function measure(machine: Guest, measurement: Measurement): Promise<Reading["values"]> {
  return JSON.parse(await inGuest(machine, "measure.py", measurement.arguments, MEASUREMENT_TIMEOUT_MS));
}
