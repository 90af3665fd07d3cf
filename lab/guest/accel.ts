/** What the lab's guests run on. */

import { accessSync, constants } from "node:fs";
import type { Phases } from "../host/phases.ts";
import { run } from "../host/run.ts";
import { emulator, HOST_QEMU } from "../image/emulator.ts";
import type { ToolsImage } from "../image/image.ts";
import { type UmlKernel, umlKernel, umlRuns } from "../image/uml/kernel.ts";

export type Acceleration = QemuAcceleration | UserMode;

/** QEMU's: a whole machine, with its boot loader. */
export type QemuAcceleration = Virtual | Emulated;

interface Qemu {
  /** QEMU's program. */
  command: string;
  /** QEMU's arguments. */
  arguments: string[];
  /** What it is, and why it is this one, for people. */
  reason: string;
}

interface Virtual extends Qemu {
  kind: "kvm";
}

export interface Emulated extends Qemu {
  kind: "tcg";
  /** QEMU's own line. @default not known */
  version?: string;
}

/** A kernel that is a program of this machine. */
export interface UserMode {
  kind: "uml";
  kernel: UmlKernel;
  reason: string;
}

/** A kernel under working KVM gets this far in about 1 s. */
const PROBE_TIMEOUT_MS = 10_000;

/** What a kernel that has no root prints at the end of its boot. */
const BOOTED = "Unable to mount root fs";

/**
 * What guests run on, as a phase of a run that says what was found.
 *
 * @param on @default the fastest that works
 * @param which Of the run's guests, these. @default all of them
 */
export async function virtualization(
  phases: Phases,
  image: ToolsImage,
  on: (image: ToolsImage, kernel?: () => Promise<UmlKernel>) => Promise<Acceleration> = acceleration,
  which = "guests",
): Promise<Acceleration> {
  const found = await phases.run("virtualization", (report) => on(image, () => umlKernel(report)));
  phases.say(`  ${which} are ${found.reason}`);
  return found;
}

/**
 * For what needs a kernel with PPP and not a whole machine: KVM where it works, else user-mode Linux, and where that
 * cannot be built or does not run, emulation.
 */
export async function acceleration(
  image: ToolsImage,
  kernel: () => Promise<UmlKernel> = umlKernel,
): Promise<Acceleration> {
  const lacking = await withoutKvm(image);
  if (lacking === undefined) return KVM;
  try {
    const built = await kernel();
    await umlRuns(built, image.rootfs);
    return { kind: "uml", kernel: built, reason: `user-mode Linux: ${lacking}` };
  } catch (error) {
    return emulated(`${lacking}, and user-mode Linux does not run: ${(error as Error).message}`);
  }
}

/** For what only a whole machine shows, such as its boot loader: KVM where it works, else emulation. */
export async function wholeMachine(image: ToolsImage): Promise<QemuAcceleration> {
  const lacking = await withoutKvm(image);
  return lacking === undefined ? KVM : emulated(lacking);
}

const KVM: Virtual = {
  kind: "kvm",
  command: HOST_QEMU,
  arguments: ["-accel", "kvm", "-cpu", "host"],
  reason: "virtual machines: a kernel boots on /dev/kvm",
};

async function emulated(why: string): Promise<Emulated> {
  const { command, arguments: firmware, version } = await emulator();
  return {
    ...{ kind: "tcg", command, version },
    // One thread, in turns for several CPUs: threads of a QEMU before 8.1 miss that one CPU has changed the code of
    // another, and the host's other core is the other guest's. The CPU is the plainest that Debian runs on: what `max` has
    // more (a fifth level of page tables, SMAP) is work for the emulator, a quarter of a boot's CPU time.
    arguments: [...firmware, "-accel", "tcg,thread=single,tb-size=512", "-cpu", "qemu64"],
    reason: `emulated by ${version}, which is slow: ${why}`,
  };
}

/**
 * Why no guest boots on KVM; nothing where one does. /dev/kvm may be there and not work, in a nested machine above all.
 * The probe is the client's own kernel, without a root: it panics, restarts, and QEMU ends.
 */
async function withoutKvm(image: ToolsImage): Promise<string | undefined> {
  try {
    accessSync("/dev/kvm", constants.R_OK | constants.W_OK);
  } catch {
    return "/dev/kvm is not there or not ours";
  }
  const machine = [
    ...["-machine", "q35", "-m", "256", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"],
    ...["-serial", "stdio", "-kernel", image.kernel, "-append", "console=ttyS0 panic=-1"],
  ];
  const probe = run(HOST_QEMU, [...KVM.arguments, ...machine], {
    ...{ timeoutMs: PROBE_TIMEOUT_MS, mayFail: true },
  });
  const { stdout, stderr } = await probe.catch((error: Error) => ({ stdout: "", stderr: error.message }));
  if (stdout.includes(BOOTED)) return undefined;
  return `no kernel boots on /dev/kvm${stderr ? ` (${stderr.trim().split("\n").at(-1)})` : ""}`;
}
