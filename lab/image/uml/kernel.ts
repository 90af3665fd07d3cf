/** User-mode Linux, built when it is missing: a kernel that is a program, and needs neither KVM nor emulation. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cached } from "../../host/cache.ts";
import type { Report } from "../../host/phases.ts";
import { run } from "../../host/run.ts";
import { buildImage, imageText } from "../image.ts";

export interface UmlKernel {
  /** The program. */
  linux: string;
  /** A folder with the kernel's modules as a root has them. */
  root: string;
  /** As `uname -r` says it: Debian's version, and `-uml`. */
  release: string;
}

const FOLDER = import.meta.dirname;

export async function umlKernel(report: Report = () => {}): Promise<UmlKernel> {
  const inputs = [
    imageText("common.sh"),
    ...["build.sh", "kernel.config"].map((name) => readFileSync(join(FOLDER, name), "utf8")),
    // It runs with this machine's own C library.
    (await run("gcc", ["-dumpfullversion"])).stdout,
  ];
  const dir = await cached("uml", inputs, (dir) => buildImage(join(FOLDER, "build.sh"), [dir], report));
  const root = join(dir, "root");
  const [release] = readdirSync(join(root, "usr/lib/modules"));
  return { linux: join(dir, "linux"), root, release: release! };
}

/**
 * Runs one program under the kernel. @throws Error with what it prints where that does not work, as on a host that
 * forbids ptrace.
 *
 * @param rootfs A Debian root as a folder. It is not written to.
 */
export async function umlRuns({ linux }: UmlKernel, rootfs: string): Promise<void> {
  const line = [
    "mem=64M",
    "root=/dev/root",
    "rootfstype=hostfs",
    `rootflags=${rootfs}`,
    "ro",
    "init=/usr/bin/true",
  ];
  const { stdout, stderr } = await run(linux, [...line, "con0=null,fd:1", "con=none", "ssl=none"], {
    ...{ mayFail: true, timeoutMs: 20_000, env: { TMPDIR: "/run" } },
  });
  // What a kernel says whose first process has ended: well, in this case.
  if (!/Attempted to kill init! exitcode=0x00000000/.test(stdout + stderr))
    throw new Error((stdout + stderr).trim().split("\n").slice(-3).join("\n"));
}
