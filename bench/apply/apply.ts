/**
 * `npm run bench -- apply`: how long a change takes until the last of many machines has reported it, and what they ask S3 for
 * it. Runs inside lab/enter.ts only.
 *
 *     one guest of the lab's VPC: a namespace for each machine's network ── the lab's stand-in for S3, metadata, DNS
 *       └─ for each machine a root over one layer and a /run, with the real fetch and apply (guest/apply.sh)
 *
 * There is no systemd for each machine: a whole container takes some 180 MB, 62 of them 11 GB. `systemctl` is
 * lab/vpc/guest/systemctl.py, which notes what it is asked. So a server's own health check, a dial, has nobody to dial: bundles
 * are those of the program with `kind` set to that of the machine without it, and are not watched afterwards.
 */

import { readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import type { S3Request } from "../../lab/aws/s3.ts";
import { labAccount, programRun } from "../../lab/client/stack.ts";
import { Phases } from "../../lab/host/phases.ts";
import { ARCHIVE } from "../../lab/image/machine-root.ts";
import { Machines } from "../../lab/vpc/machines.ts";
import { cardUp } from "../../lab/vpc/network/eni.ts";
import { readVpc } from "../../lab/vpc/read/read.ts";
import { startTestbed, type Testbed } from "../../lab/vpc/testbed.ts";
import { type RecordedMachine, recordedMachines } from "../../offline/machines.ts";
import { bundleKey, desiredKey, statusKey } from "../../plan/bucket.ts";
import { packBundle } from "../../render/bundle.ts";
import { writeOutcome } from "../runs/outcome.ts";
import { turns } from "../runs/turns.ts";
import { linesOf, type Reading, requestsTable, timesTable, VARIANTS, type Variant } from "./lines.ts";
import { type Circumstances, page } from "./page.ts";
import { askedOf, secondsOf } from "./requests.ts";

const SCRIPT = readFileSync(join(import.meta.dirname, "../guest/apply.sh"), "utf8");

/** In the guest. */
const FOLDER = "/opt/bench";

/** 62 pairs of Python programs at once take some 3 GB, should all of them be in memory at once. */
const MEMORY_MIB = 5120;

/** Real time that one step may take on a busy host. */
const STEP_TIMEOUT_MS = 25 * 60_000;

/** So many at once before anything is measured. */
const BATCH = 8;

/** So many by themselves a turn, one after the other. */
const ALONE = 5;

export interface ApplyOptions {
  rounds: number;
  /** Write docs/bench.md too. */
  writeDocs: boolean;
  /** How many there are. */
  machines: number;
}

export async function apply({ rounds, writeDocs, machines: count }: ApplyOptions): Promise<void> {
  const phases = new Phases();
  const account = labAccount();
  let changes = 0;
  /** The program once more, with a firewall's rule that it has not had yet. */
  const changed = () =>
    programRun("dev", ["frontDoor=eip", `servers=${count}`, `limits.dialBurst=${41 + changes++}`], account);
  const first = await phases.run("program", changed);
  const vpc = readVpc(first.resources);
  const recorded = recordedMachines(first);
  const names = recorded.map(({ name }) => name);
  const testbed = await startTestbed(vpc, { phases, memoryMiB: MEMORY_MIB });
  try {
    const { guest, host, network, where } = testbed;
    const steps = new Steps(testbed);
    await phases.run("VPC", async () => {
      await new Machines(guest.agent, guest.lost).prepare(vpc.machines, ARCHIVE);
      await network.build(where);
      await network.apply(vpc);
      await guest.agent.sh(vpc.interfaces.map(cardUp).join(""), { timeoutMs: STEP_TIMEOUT_MS });
      await host.knowMachines(vpc);
    });
    await phases.run("layer of all machines", async () => {
      await steps.lay(recorded);
      await steps.publish(recorded);
      await steps.all("base", names.slice(0, 1));
    });
    await phases.run("machines", async (report) => {
      for (let at = 0; at < count; at += BATCH) {
        report(`${at} of ${count}`);
        await steps.all("machines", names.slice(at, at + BATCH));
        await steps.all("look", names.slice(at, at + BATCH));
      }
    });
    const readings: Reading[] = [];
    for (const [round, variant] of turns(rounds, VARIANTS))
      await phases.run(`round ${round} of ${rounds}, ${variant}`, async () => {
        const wanted = recordedMachines(await changed());
        const groups = variant === "alone" ? wanted.slice(0, ALONE).map((each) => [each]) : [wanted];
        readings.push(await turn(testbed, steps, round, variant, groups));
      });
    const circumstances = await circumstancesOf(testbed, rounds, count);
    const lines = linesOf(readings);
    const shown = `${timesTable(lines, count)}\n\n${requestsTable(readings, count)}`;
    const section = page(circumstances, readings, lines);
    writeOutcome("apply", { run: { circumstances, readings, lines }, section, shown }, writeDocs);
  } finally {
    await testbed.stop();
  }
}

/** @param groups Machines that change at once, one group after the other. */
async function turn(
  { host: { s3 } }: Testbed,
  steps: Steps,
  round: number,
  variant: Variant,
  groups: RecordedMachine[][],
): Promise<Reading> {
  const asked = async (step: () => Promise<void>) => {
    const before = s3.requests.length;
    await step();
    return s3.requests.slice(before);
  };
  const seconds: number[] = [];
  const changes: S3Request[][] = [];
  for (const wanted of groups) {
    const who = wanted.map(({ name }) => name);
    const versions = await steps.publish(wanted);
    const since = Date.now();
    const change = await asked(() => steps.all("look", who));
    for (const name of who) {
      const { result, version, why } = JSON.parse(`${await s3.get(statusKey(name))}`);
      if (result !== "applied" || version !== versions.get(name))
        throw new Error(
          `${name} reports ${result} of ${version}: ${why ?? "not the bundle that it is to have"}`,
        );
    }
    seconds.push(...secondsOf(who, since, change));
    changes.push(change);
  }
  const who = groups[0]!.map(({ name }) => name);
  const idle = await asked(() => steps.all("look", who));
  await steps.all("due", who);
  const due = await asked(() => steps.all("look", who));
  return {
    ...{ round, variant, seconds },
    ...{ change: askedOf(changes[0]!), idle: askedOf(idle), due: askedOf(due) },
  };
}

/** What is done to machines in the guest, by guest/apply.sh, and to their bundles. */
class Steps {
  private readonly testbed: Testbed;

  constructor(testbed: Testbed) {
    this.testbed = testbed;
  }

  /** The guest's program, the files of user data, and each machine's own identity. */
  async lay(machines: RecordedMachine[]): Promise<void> {
    await this.write(`${FOLDER}/apply.sh`, SCRIPT);
    const files = machines[0]!.cloudConfig.write_files;
    for (const { path, content, permissions } of files)
      await this.write(`${FOLDER}/files${path}`, content, permissions);
    for (const { name, cloudConfig } of machines) {
      const identity = cloudConfig.write_files.find(({ path }) => path === "/etc/pptp-fleet/machine.json");
      if (identity === undefined) throw new Error(`the user data of ${name} has no identity`);
      await this.write(`${FOLDER}/${name}.json`, identity.content);
    }
  }

  private async write(path: string, content: string, mode = "0644"): Promise<void> {
    const { agent } = this.testbed.guest;
    const script = `mkdir -p "\${1%/*}" && cat >"$1" && chmod ${mode} "$1"`;
    const { code, stderr } = await agent.exec(["/bin/bash", "-c", script, "-", path], { input: content });
    if (code !== 0) throw new Error(`${path} cannot be written in the guest: ${stderr}`);
  }

  /** Bundles first, then the pointers to them. @returns each machine's version. */
  async publish(machines: RecordedMachine[]): Promise<Map<string, string>> {
    const { s3 } = this.testbed.host;
    const packed = machines.map(({ name, bundle }) => ({
      name,
      ...packBundle({ ...bundle, kind: "gateway", watch: 0 }),
    }));
    for (const { name, version, bytes } of packed) await s3.put(bundleKey(name, version), bytes);
    for (const { name, version } of packed)
      await s3.put(desiredKey(name), JSON.stringify({ version, key: bundleKey(name, version) }));
    return new Map(packed.map(({ name, version }) => [name, version]));
  }

  /** @throws Error with what they printed, where the step of one fails. */
  async all(verb: "base" | "machines" | "look" | "due", names: string[]): Promise<void> {
    const said = await this.script(verb, names);
    const failed = [...said.matchAll(/^(\S+) (\d+)$/gm)].flatMap(([, name, code]) =>
      code === "0" ? [] : [name!],
    );
    if (failed.length === 0) return;
    const why = verb === "base" ? "" : await this.script("said", failed.slice(0, 3));
    throw new Error(`${verb}: ${failed.length} of ${names.length} failed\n${why}`);
  }

  private async script(verb: string, names: string[]): Promise<string> {
    const { agent, lost } = this.testbed.guest;
    const running = agent.exec(["/bin/bash", `${FOLDER}/apply.sh`, verb, ...names], {
      timeoutMs: STEP_TIMEOUT_MS,
    });
    const { code, stdout, stderr } = await Promise.race([running, lost]);
    if (code !== 0) throw new Error(`apply.sh ${verb} failed with code ${code}:\n${stderr || stdout}`);
    return stdout;
  }
}

async function circumstancesOf({ guest }: Testbed, rounds: number, machines: number): Promise<Circumstances> {
  const [kernel, kind, memory, ...versions] = (
    await guest.agent.sh(`uname -r; systemd-detect-virt || true; free -m | awk '/^Mem/ { print $2 }'
      dpkg-query -W python3 nftables ppp systemd`)
  )
    .trim()
    .split("\n") as [string, string, string, ...string[]];
  return {
    date: new Date().toISOString().slice(0, 10),
    ...{ rounds, machines, kernel, kind, memoryMB: Number(memory) },
    packages: Object.fromEntries(versions.map((line) => line.split("\t"))),
    host: { cpus: availableParallelism(), load: loadavg()[0]! },
  };
}
