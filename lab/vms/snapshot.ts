/**
 * One first boot a kind of machine: what it has become sleeps in the lab's cache (lab/guest/qemu/sleep.ts), and the next machine of the
 * same inputs wakes from it.
 *
 *    snapshot-<hash of the inputs>/   memory, disk.qcow2   what the machine was: with its secrets, so root's alone
 *                                     taken                when it was, by its time
 *
 * What is seen after a first boot is true of the machine that did it, and the inputs are all that it went by; a snapshot
 * older than a week, as Debian's packages change, is not used. In CI none is taken or used: each run there does its own
 * first boots.
 */
import { randomUUID } from "node:crypto";
import { globSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Acceleration, Emulated } from "../guest/accel.ts";
import { type BootOptions, bootGuest } from "../guest/boot.ts";
import { bootsEnd, firstBoot } from "../guest/first-boot.ts";
import type { Guest } from "../guest/guest.ts";
import { qemuArguments } from "../guest/qemu/arguments.ts";
import { cached, cachePath } from "../host/cache.ts";
import type { Phases, Report } from "../host/phases.ts";
import { isOlder } from "../image/emulator.ts";
import { awake } from "./awake.ts";

/** Its kind in the cache. */
export const SNAPSHOT = "snapshot";

/** A snapshot goes when another is taken and no run has used it for this long: each takes up to 3 GB. */
const UNUSED_MS = 2 * 24 * 3600 * 1000;

/** One that was taken this long ago is not used. */
const TOO_OLD_MS = 7 * 24 * 3600 * 1000;

/** The first QEMU that stops a machine which sleeps and lets it sleep on; memory that is read and kept since 8.2. */
const LEAST_QEMU = [9, 0] as const;

export interface OnceOptions extends Omit<BootOptions, "report" | "asleep" | "upTo"> {
  phases: Phases;
  /** A raw image. */
  disk: string;
  /** What its first boot goes by besides these options: user data, and what it finds in its network. */
  inputs: (string | Buffer)[];
  /** What one that wakes in this run's network takes anew, after clock and lease and before it is called ready. */
  anew?: (guest: Guest, report: Report) => Promise<void>;
}

/** A machine after its first boot, which it does where there is no snapshot of one that wakes. */
export async function bootedOnce(options: OnceOptions): Promise<Guest> {
  const { phases, inputs: _, anew = async () => {}, ...machine } = options;
  const { name, accel } = machine;
  const boots = () =>
    phases.run(`${name}: first boot`, (report) =>
      bootGuest({ ...machine, report, upTo: (guest) => firstBoot(guest, report) }),
    );
  if (!isWorthwhile(accel)) return boots();
  const inputs = inputsOf(options, accel);
  const found = usable(inputs);
  if (found !== undefined) {
    try {
      return await phases.run(`${name}: restored as its first boot left it`, (report) =>
        bootGuest({
          ...machine,
          asleep: found,
          report,
          upTo: async (guest) => {
            await awake(guest, report);
            await anew(guest, report);
            await firstBoot(guest, report);
          },
        }),
      );
    } catch (error) {
      phases.say(`  ${name}: not restored, so it boots afresh: ${inALine(error)}`);
    }
  }
  const guest = await boots();
  try {
    await phases.run(`${name}: snapshot`, (report) => take(guest, inputs, report));
  } catch (error) {
    phases.say(`  ${name}: no snapshot, so the next run boots it again: ${inALine(error)}`);
    await guest.ready();
  }
  return guest;
}

const inALine = (error: unknown): string => (error as Error).message.split("\n").slice(0, 3).join(" ");

/**
 * Once the first boot has come to its end, which is after the machine serves. One that is there is of no use to this run, and
 * goes no sooner: a run that is killed leaves it as it was.
 */
async function take(guest: Guest, inputs: (string | Buffer)[], report: Report): Promise<void> {
  await bootsEnd(guest, report);
  const build = async (folder: string) => {
    report("sleeps");
    await guest.sleepInto(folder);
    writeFileSync(join(folder, "taken"), "");
  };
  drop(inputs);
  await cached(SNAPSHOT, inputs, build, UNUSED_MS);
  await awake(guest, report);
  await firstBoot(guest, report);
}

/** Whether a snapshot saves more than it costs: with KVM a boot is cheap, user-mode Linux has none, CI wants the boot. */
export function isWorthwhile(accel: Acceleration): accel is Emulated {
  if (process.env.CI || accel.kind !== "tcg") return false;
  return accel.version !== undefined && !isOlder(accel.version, LEAST_QEMU);
}

/** All that a machine's first boot goes by. Too much costs a first boot, too little hides one that fails. */
export function inputsOf({ inputs, disk, ...options }: OnceOptions, accel: Emulated): (string | Buffer)[] {
  const nowhere = { socket: "", monitor: "", serial: "", disk: "", payload: undefined, memory: undefined };
  return [
    ...inputs,
    ...imageOf(disk),
    accel.version!,
    accel.command,
    ...qemuArguments({ ...options, disk }, accel, nowhere),
    ...labFiles().map((name) => readFileSync(join(LAB, name))),
  ];
}

/** The file and not what it was made of: what an image is made of gives no two files that are the same. */
function imageOf(disk: string): string[] {
  const { ino, size, mtimeMs } = statSync(disk);
  return [disk, `${ino} ${size} ${mtimeMs}`];
}

const LAB = join(import.meta.dirname, "..");

/** The lab's own files: what the machine is, and all that it meets, in every room but the one that has no such machine. */
export const labFiles = (): string[] => globSync("**/*.{ts,txt}", { cwd: LAB, exclude: ["vpc/**"] }).sort();

/** The snapshot of these inputs, where there is one that may be used. */
export function usable(inputs: (string | Buffer)[]): string | undefined {
  const folder = cachePath(SNAPSHOT, inputs);
  try {
    if (Date.now() - statSync(join(folder, "taken")).mtimeMs > TOO_OLD_MS) return undefined;
  } catch {
    return undefined;
  }
  const now = new Date();
  utimesSync(folder, now, now);
  return folder;
}

/** All at once: none is found in part. */
export function drop(inputs: (string | Buffer)[]): void {
  const folder = cachePath(SNAPSHOT, inputs);
  const dropped = `${folder}.dropped-${randomUUID()}`;
  try {
    renameSync(folder, dropped);
  } catch {
    return; // there is none
  }
  rmSync(dropped, { recursive: true, force: true });
}
