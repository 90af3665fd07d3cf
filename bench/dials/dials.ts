/**
 * `npm run bench -- dials`: how long a dial takes behind `nlb` and behind `eip`, in the lab's VPC, on the same booted
 * machines. Runs inside lab/enter.ts only.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pppdOptions } from "../../lab/client/dial.ts";
import { programRun } from "../../lab/client/stack.ts";
import { Phases } from "../../lab/host/phases.ts";
import { startVpcLab, type VpcLab } from "../../lab/vpc/lab.ts";
import { recordedMachines } from "../../offline/machines.ts";
import type { RecordedResource } from "../../offline/program.ts";
import { circumstancesOf } from "../runs/circumstances.ts";
import { writeOutcome } from "../runs/outcome.ts";
import { turns } from "../runs/turns.ts";
import { besideIdle, dialled, VARIANTS } from "./doors.ts";
import { linesOf, type Reading, table } from "./lines.ts";
import { page } from "./page.ts";

const PROGRAM = readFileSync(join(import.meta.dirname, "../guest/dials.py"), "utf8");

/** Dials a turn, besides one that counts for nothing: routes and rules are new. */
const DIALS = 8;

/** As in `dials.py`. */
const FOLDER = "/run/bench-dial";

/** Real time that one turn may take on a busy host. */
const TURN_TIMEOUT_MS = 15 * 60_000;

export interface DialsOptions {
  rounds: number;
  /** Write docs/bench.md too. */
  writeDocs: boolean;
}

interface Door {
  resources: RecordedResource[];
  address: string;
}

export async function dials({ rounds, writeDocs }: DialsOptions): Promise<void> {
  const phases = new Phases();
  const lab = await startVpcLab({ stack: "dev", config: ["frontDoor=nlb"], phases });
  try {
    const nlb = { resources: lab.run.resources, address: dialled(lab.run.resources) };
    const { resources } = await programRun("dev", ["frontDoor=eip"], lab.account);
    const eip = { resources: besideIdle(resources, nlb.resources), address: dialled(resources) };
    const doors = { eip, nlb, again: eip };
    const readings: Reading[] = [];
    for (const [round, variant] of turns(rounds, VARIANTS))
      await phases.run(`round ${round} of ${rounds}, ${variant}`, async () => {
        const before = await handedOn(lab);
        const seconds = await turn(lab, doors[variant]);
        const byGateway = (await handedOn(lab)) > before;
        if (byGateway !== (variant === "nlb"))
          throw new Error(`${variant}: the dials went ${byGateway ? "" : "not "}by the gateway`);
        readings.push({ round, variant, seconds });
      });
    const files = recordedMachines(lab.run).flatMap(({ files }) => files);
    const packages = ["pptpd", "ppp", "pptp-linux"];
    const circumstances = await circumstancesOf(lab.guest, files, rounds, packages);
    const lines = linesOf(readings);
    const section = page(circumstances, lines, DIALS);
    writeOutcome(
      "dials",
      { run: { circumstances, readings, lines }, section, shown: table(lines) },
      writeDocs,
    );
  } finally {
    await lab.stop();
  }
}

/** Seconds of each dial that counts. */
async function turn({ apply, clients, account, guest }: VpcLab, door: Door): Promise<Reading["seconds"]> {
  await apply(door.resources);
  const options = { server: door.address, user: account.name, password: account.password };
  const dialling = clients.client.exec(["/usr/bin/python3", "-c", PROGRAM, `${DIALS + 1}`], {
    input: pppdOptions(options, FOLDER),
    timeoutMs: TURN_TIMEOUT_MS,
  });
  const { code, stdout, stderr } = await Promise.race([dialling, guest.lost]);
  if (code !== 0) throw new Error(`dials to ${door.address} failed with code ${code}:\n${stderr || stdout}`);
  return JSON.parse(stdout).slice(1);
}

/** Packets of control connections from clients that the gateway has handed on so far. */
async function handedOn({ gateways }: VpcLab): Promise<number> {
  const listed = await gateways[0]!.agent.sh("nft -j list counter ip pptp_fleet tcp_in");
  const { nftables }: { nftables: { counter?: { packets: number } }[] } = JSON.parse(listed);
  return nftables.find(({ counter }) => counter)!.counter!.packets;
}
