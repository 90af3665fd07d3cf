/** Which virtualization the lab's guests run on. */

import { accessSync, constants } from "node:fs";
import { emulator, HOST_QEMU } from "./emulator.ts";
import type { ToolsImage } from "./image.ts";
import { run } from "./run.ts";

export interface Acceleration {
  kind: "kvm" | "tcg";
  /** QEMU's program. */
  command: string;
  /** QEMU's arguments. */
  arguments: string[];
  /** Why it is this one, for people. */
  reason: string;
}

/** A kernel under working KVM gets this far in about 1 s. */
const PROBE_TIMEOUT_MS = 10_000;

/** What a kernel that has no root prints at the end of its boot. */
const BOOTED = "Unable to mount root fs";

/**
 * KVM where a guest really boots on it, else TCG: /dev/kvm may be there and not work, in a nested machine above
 * all. The probe is the client's own kernel, without a root: it panics, restarts, and QEMU ends.
 */
export async function acceleration(image: ToolsImage): Promise<Acceleration> {
  const tcg = async (reason: string): Promise<Acceleration> => {
    const { command, arguments: firmware, version } = await emulator();
    return {
      ...{ kind: "tcg", command },
      // One thread, in turns for several CPUs: threads of a QEMU before 8.1 miss that one CPU has changed the code of
      // another, and the host's other core is the other guest's.
      arguments: [...firmware, "-accel", "tcg,thread=single,tb-size=512", "-cpu", "max"],
      reason: `emulated by ${version}, which is slow: ${reason}`,
    };
  };
  try {
    accessSync("/dev/kvm", constants.R_OK | constants.W_OK);
  } catch {
    return tcg("/dev/kvm is not there or not ours");
  }
  const kvm = ["-accel", "kvm", "-cpu", "host"];
  const machine = [
    "-machine",
    "q35",
    "-m",
    "256",
    "-nodefaults",
    "-no-user-config",
    "-display",
    "none",
    "-no-reboot",
  ];
  const boot = ["-serial", "stdio", "-kernel", image.kernel, "-append", "console=ttyS0 panic=-1"];
  const probe = run(HOST_QEMU, [...kvm, ...machine, ...boot], {
    ...{ timeoutMs: PROBE_TIMEOUT_MS, mayFail: true },
  });
  const { stdout, stderr } = await probe.catch((error: Error) => ({ stdout: "", stderr: error.message }));
  if (stdout.includes(BOOTED))
    return { kind: "kvm", command: HOST_QEMU, arguments: kvm, reason: "a kernel boots on /dev/kvm" };
  return tcg(`no kernel boots on /dev/kvm${stderr ? ` (${stderr.trim().split("\n").at(-1)})` : ""}`);
}
