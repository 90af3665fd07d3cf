/**
 * script/start [--keep] [--stack dev]: a stack on the embedded lab, from its config to a tunnel that carries traffic,
 * and a summary of it, also as out/<stack>/lab.json. `--keep` leaves the tunnel up until Ctrl-C.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { recordedMachines, recordedPlan } from "../offline/machines.ts";
import { planText, sizesText } from "../offline/show.ts";
import { writeRun } from "../offline/write.ts";
import { howToUse, summary } from "./client/summary.ts";
import { measuredTunnel } from "./client/tunnel.ts";
import { enter } from "./enter.ts";
import { insideLab } from "./host/inside.ts";
import { Phases } from "./host/phases.ts";
import { startVpcLab } from "./vpc/lab.ts";

const OPTIONS = {
  stack: { type: "string", default: "dev" },
  keep: { type: "boolean", default: false },
} as const;

async function main(): Promise<void> {
  const { stack, keep } = parseArgs({ options: OPTIONS }).values;
  const folder = join(import.meta.dirname, "../out", stack);
  const phases = new Phases();
  const lab = await startVpcLab({ stack, phases });
  writeRun(lab.run, folder);
  const [address] = lab.run.outputs.dial;
  const scene = { client: lab.clients.client, account: lab.account, address, servers: lab.servers };
  const { report } = await measuredTunnel(scene, phases);
  writeFileSync(
    join(folder, "lab.json"),
    `${JSON.stringify({ phases: phases.done, tunnel: report }, null, 2)}\n`,
  );
  console.log(
    `\n${planText(recordedPlan(lab.run))}\n\n${sizesText(recordedMachines(lab.run))}\n\n${summary(phases.done, report)}`,
  );
  if (keep) {
    console.log(`\n${howToUse([...Object.keys(lab.clients), ...Object.keys(lab.machines)], report)}`);
    await interrupted();
  }
  await phases.run("shutdown", () => lab.stop());
}

/** Until Ctrl-C, or any other signal that asks for an end. */
function interrupted(): Promise<void> {
  // A timer keeps the process alive: waiting for a signal alone does not.
  const alive = setInterval(() => {}, 60_000);
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => {
        clearInterval(alive);
        resolve();
      });
    }
  });
}

const work = insideLab()
  ? main().then(() => 0)
  : enter([process.execPath, import.meta.filename, ...process.argv.slice(2)]);
work.then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
