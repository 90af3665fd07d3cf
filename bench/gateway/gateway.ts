/**
 * `npm run bench -- gateway`: what a packet costs in a gateway, against plain forwarding and connection tracking.
 * Rounds of all three, in turns, on one machine. Runs inside lab/enter.ts only.
 */
import { mkdtempSync } from "node:fs";
import type { Guest } from "../../lab/guest/guest.ts";
import { Phases } from "../../lab/host/phases.ts";
import { type ToolsImage, toolsImage } from "../../lab/image/image.ts";
import { circumstancesOf } from "../runs/circumstances.ts";
import { inGuest, startMachine } from "../runs/machine.ts";
import { writeOutcome } from "../runs/outcome.ts";
import { takeTurns, turns } from "../runs/turns.ts";
import { linesOf, type Reading, table } from "./lines.ts";
import { page } from "./page.ts";
import { forGuest, rowsOf } from "./traffic.ts";
import { defaultGateway, type Gateway, script, VARIANTS, type Variant } from "./variants.ts";

/** The gateway's own address, as in `hop.py`: AWS picks one of the subnet's. */
const OWN = "10.42.16.20";

/** Real time that one turn may take on a busy host. */
const TURN_TIMEOUT_MS = 10 * 60_000;

export interface GatewayOptions {
  rounds: number;
  /** Write docs/bench.md too. */
  writeDocs: boolean;
}

export async function gateway({ rounds, writeDocs }: GatewayOptions): Promise<void> {
  const phases = new Phases();
  const image = await phases.run("image", toolsImage);
  const ours = await phases.run("program", defaultGateway);
  const readings: Reading[] = [];
  const machine = await takeTurns(
    turns(rounds, VARIANTS),
    () => boot(phases, image, ours),
    (machine, round, variant) =>
      phases.run(`round ${round} of ${rounds}, ${variant}`, async () => {
        readings.push({ round, variant, values: await measure(machine, variant) });
      }),
  );
  const circumstances = await circumstancesOf(machine, ours.files, rounds, ["nftables", "iproute2"]);
  await machine.stop();
  const lines = linesOf(readings, rowsOf(ours.plan, OWN));
  const section = page(circumstances, ours, lines);
  writeOutcome(
    "gateway",
    { run: { circumstances, readings, lines }, section, shown: table(lines) },
    writeDocs,
  );
}

/** With a turn of each that counts for nothing: what comes from the disk for the first time, and the end of the boot. */
async function boot(phases: Phases, image: ToolsImage, { plan, files }: Gateway): Promise<Guest> {
  const data = {
    "rows.json": forGuest(rowsOf(plan, OWN)),
    ...Object.fromEntries(VARIANTS.map((variant) => [`${variant}.sh`, script(variant, plan, OWN)])),
    // Where they belong, below a root that network.sh copies over the guest's.
    ...Object.fromEntries(files.map(({ path, content }) => [`root${path}`, content])),
  };
  const machine = await phases.run("boot", () =>
    startMachine(image, mkdtempSync("/run/pptp-fleet-bench-"), data, "gateway/network.sh"),
  );
  await phases.run("warm-up", async () => {
    for (const variant of VARIANTS) await measure(machine, variant);
  });
  return machine;
}

async function measure(machine: Guest, variant: Variant): Promise<Reading["values"]> {
  return JSON.parse(await inGuest(machine, "gateway/hop.py", [variant], TURN_TIMEOUT_MS));
}
