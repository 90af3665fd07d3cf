/** A virtual machine of the lab, QEMU's or user-mode Linux's, on taps; what it writes goes with it. */

import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { alarm } from "../host/clock.ts";
import { type Daemon, run, startDaemon, tail } from "../host/run.ts";
import { Gone, waitUntil } from "../host/wait.ts";
import type { QemuAcceleration } from "./accel.ts";
import { Agent } from "./agent.ts";
import { type Disk, layerOver } from "./disk.ts";
import type { GuestOptions } from "./options.ts";
import { type Files, qemuArguments } from "./qemu/arguments.ts";
import { Monitor } from "./qemu/qmp.ts";
import { fallAsleep, sleptDisk, sleptMemory, wake } from "./qemu/sleep.ts";
import { startUml, umlDisk } from "./uml.ts";

export interface Guest {
  name: string;
  agent: Agent;
  /** Resolves when the agent answers, again after each of the guest's restarts. */
  ready(timeoutMs?: number): Promise<void>;
  /** The end of what the guest printed to its serial line. */
  serialTail(lines?: number): string;
  /** Its boot ID, which changes with each boot. */
  bootId(): Promise<string>;
  /** Rejects with Gone, and the reason, when its process ends and nobody has stopped it, or the guest's kernel crashes. */
  lost: Promise<never>;
  /**
   * Has an emulated `ami` sleep, lays into an empty folder what such a machine can begin from, and wakes it. Its clock and
   * its card know of it.
   */
  sleepInto(folder: string): Promise<void>;
  /** Switches it off, as pulling the plug would. */
  stop(): Promise<void>;
  /** Has an `ami` shut itself down. @returns its disk, for another guest. */
  shutDown(): Promise<Disk>;
  /** Pulls its plug: what its kernel has not written is lost. @returns its disk as it lies, for another guest. */
  powerCut(): Promise<Disk>;
}

/** A first boot's end and all services': emulated 10 to 30 s. */
const SHUT_DOWN_MS = 300_000;

export async function startGuest(options: GuestOptions): Promise<Guest> {
  const { name, runDir } = options;
  mkdirSync(runDir, { recursive: true });
  const socket = join(runDir, `${name}.agent`);
  const serial = join(runDir, `${name}.serial.log`);
  const { accel } = options;
  let layer = await layerOf(options);
  const monitor = new Monitor(join(runDir, `${name}.monitor`));
  // An earlier guest of this name has left its own.
  for (const stale of [socket, monitor.socket]) rmSync(stale, { force: true });
  const process =
    accel.kind === "uml"
      ? await startUml(options, accel.kernel, { socket, serial, disk: layer })
      : await startQemu(options, accel, { socket, serial, monitor: monitor.socket, disk: layer?.path });
  const serialTail = (lines = 20) =>
    existsSync(serial) ? tail(printable(readFileSync(serial, "utf8")), lines) : "";
  const agent = new Agent(socket);
  let stopped = false;
  const lost = lostWhenEnded(name, process, () => stopped, serialTail);
  try {
    await waitUntil(`${name}: its start`, () => existsSync(socket), {
      ...{ timeoutMs: 20_000, everyMs: 50, unless: lost },
      evidence: () => process.tail(),
    });
    if (options.asleep !== undefined) await wake({ name, monitor, lost }, options.asleep);
  } catch (error) {
    stopped = true;
    await process.stop();
    if (layer !== options.disk) layer?.drop();
    throw error;
  }
  /** Its disk, which another guest may have from now on. @throws Error where it has none. */
  const handedOn = (): Disk => {
    const kept = layer;
    if (!kept) throw new Error(`${name} has no disk to keep: what it writes is in its memory`);
    stopped = true;
    layer = undefined;
    return kept;
  };
  // User-mode Linux has found it in its root.
  let payload = accel.kind === "uml" ? undefined : options.payload;
  return {
    name,
    agent,
    lost,
    serialTail,
    async ready(timeoutMs = 180_000) {
      await waitUntil(`${name}: the guest's agent`, () => agent.ping().then(() => true as const), {
        ...{ timeoutMs, everyMs: 250, unless: lost },
        evidence: () => serialTail(),
      });
      if (payload !== undefined) await agent.sh(UNPACK, { timeoutMs: 600_000 });
      payload = undefined;
    },
    bootId: async () => (await agent.exec(["/bin/cat", "/proc/sys/kernel/random/boot_id"])).stdout.trim(),
    async sleepInto(folder) {
      if (layer === undefined || accel.kind !== "tcg")
        throw new Error(`${name}: only an emulated machine that boots its own disk has what could sleep`);
      await fallAsleep({ name, agent, monitor, lost, pid: process.pid, disk: layer.path }, folder);
    },
    async stop() {
      stopped = true;
      await process.stop();
      // One that was handed to this guest serves its next attempt too.
      if (layer !== options.disk) layer?.drop();
      layer = undefined;
    },
    async shutDown() {
      const kept = handedOn();
      await agent.exec(["/usr/bin/systemctl", "poweroff"]).catch(() => {}); // it may be gone before it answers
      let late = false;
      const inTime = alarm(SHUT_DOWN_MS, () => {
        late = true;
        void process.stop();
      });
      await process.exited.finally(inTime);
      if (late) throw new Error(`${name} did not switch itself off:\n${serialTail()}`);
      return kept;
    },
    async powerCut() {
      const kept = handedOn();
      await process.kill();
      await kept.cut?.();
      return kept;
    },
  };
}

/** The agent may be there before udev has found the disk. */
const UNPACK = `udevadm wait --timeout=600 /dev/disk/by-id/virtio-payload
  tar -xf /dev/disk/by-id/virtio-payload --no-overwrite-dir -C /`;

/** What an `ami` writes to, and what `keeps`; nothing for others. */
async function layerOf(options: GuestOptions): Promise<Disk | undefined> {
  const { disk, asleep, boot, accel, keeps } = options;
  if (typeof disk !== "string") return disk;
  if (accel.kind === "uml") return keeps ? umlDisk(options, accel.kernel) : undefined;
  if (asleep !== undefined) return layerOver(sleptDisk(asleep), "qcow2");
  return boot.kind === "ami" ? layerOver(disk) : undefined;
}

/** Its payload is an archive that the guest finds as a second disk. */
async function startQemu(
  options: GuestOptions,
  accel: QemuAcceleration,
  files: Omit<Files, "payload" | "memory">,
): Promise<Daemon> {
  const { name, runDir, payload, asleep } = options;
  const archive = payload === undefined ? undefined : join(runDir, `${name}.payload.tar`);
  if (archive !== undefined) await run("tar", ["-cf", archive, "-C", payload!, "."]);
  const memory = asleep === undefined ? undefined : sleptMemory(asleep);
  const line = qemuArguments(options, accel, { ...files, payload: archive, memory });
  return startDaemon(accel.command, line, join(runDir, `${name}.qemu.log`));
}

/**
 * A crash of the kernel. Under emulation it happens to a sound guest: QEMU 7.2 was seen to run a breakpoint that the
 * kernel had taken out of its own code ("Oops: int3"), once in some ten boots on a busy machine.
 */
const CRASH = /Kernel panic|Oops: /;
const CRASH_EVERY_MS = 2_000;

/** What was reported of guests that ended unasked, since this process began. */
export const crashes: string[] = [];

function lostWhenEnded(
  name: string,
  process: Daemon,
  stopped: () => boolean,
  serialTail: (lines: number) => string,
): Promise<never> {
  const lost = new Promise<never>((_, reject) => {
    const report = (how: string) => {
      clearInterval(watch);
      if (stopped()) return;
      crashes.push(`${name}: ${how}`);
      reject(new Gone(`${name}: ${how}`));
    };
    const watch = setInterval(() => {
      const said = serialTail(60);
      if (CRASH.test(said)) report(`the kernel crashed\n${said}`);
    }, CRASH_EVERY_MS);
    watch.unref();
    process.exited.then(
      (code) => report(`its process ended (code ${code})\n${process.tail()}`),
      (error: Error) => report(`its process ended (${error.message})\n${process.tail()}`),
    );
  });
  lost.catch(() => {}); // whoever waits for the guest hears of it
  return lost;
}

/** A serial console without its colours and cursor movements. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  return text.replace(/\x1b(\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>c])|\r/g, "");
}
