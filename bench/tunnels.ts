/** `npm run bench -- tunnels`: rounds of stock and ours, in turns, on one machine. Runs inside lab/enter.ts only. */
import { mkdtempSync } from "node:fs";
import { hashOf } from "../lab/cache.ts";
import type { Guest } from "../lab/guest.ts";
import { type ToolsImage, toolsImage } from "../lab/image.ts";
import { Phases, type Report } from "../lab/phases.ts";
import { run } from "../lab/run.ts";
import { Gone } from "../lab/wait.ts";
import type { MachineFile } from "../render/overlay.ts";
import { inGuest, startMachine } from "./machine.ts";
import { writeReport } from "./report.ts";
import { type Circumstances, nameOf, type Reading } from "./results.ts";
import { inRound, MEASUREMENTS, type Measurement } from "./rows.ts";
import { defaultServer, VARIANTS, type Variant, variantFiles } from "./variants.ts";

/** Real time that one measurement may take on a busy host. */
const MEASUREMENT_TIMEOUT_MS = 15 * 60_000;

/** Crashes of the emulated machine that a run survives: it boots again and repeats the turn. */
const CRASHES = 3;

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
  let machine = await boot(phases, image, files);
  const readings: Reading[] = [];
  let crashes = 0;
  for (const [round, variant] of turns(rounds)) {
    const turn = () =>
      phases.run(`round ${round} of ${rounds}, ${variant}`, (report) =>
        take(machine, round, variant, report),
      );
    for (;;) {
      try {
        readings.push(...(await turn()));
        break;
      } catch (error) {
        crashes += 1;
        if (!(error instanceof Gone) || crashes > CRASHES) throw error;
        console.error(`${error.message}\nboots again, as emulation was seen to do this`);
        await machine.stop();
        machine = await boot(phases, image, files);
      }
    }
  }
  const circumstances = await circumstancesOf(machine, files.ours, rounds);
  await machine.stop();
  console.log(`\n${await writeReport({ circumstances, readings }, writeDocs)}`);
  console.log(`\nout/bench/tunnels.md says how to read it${writeDocs ? "; docs/bench.md is the same" : ""}`);
}

/** stock, ours, ours, stock, …: neither is always the first. */
export function turns(rounds: number): [round: number, variant: Variant][] {
  return Array.from({ length: rounds }, (_, i) => i + 1).flatMap((round) => {
    const order = round % 2 === 1 ? VARIANTS : VARIANTS.toReversed();
    return order.map((variant): [number, Variant] => [round, variant]);
  });
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

async function circumstancesOf(machine: Guest, ours: MachineFile[], rounds: number): Promise<Circumstances> {
  const said = await machine.agent.sh("uname -r; dpkg-query -W pptpd ppp pptp-linux iperf3");
  const [kernel, ...packages] = said.trim().split("\n");
  const qemu = (await run("qemu-system-x86_64", ["--version"])).stdout.split("\n")[0]!;
  return {
    date: new Date().toISOString().slice(0, 10),
    rounds,
    qemu,
    kernel: kernel!,
    packages: Object.fromEntries(packages.map((line) => line.split("\t"))),
    overlay: hashOf(ours.flatMap(({ path, content }) => [path, content])),
  };
}
