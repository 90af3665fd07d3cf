/** A disk that a guest writes to, QEMU's: a layer over an image, in a file without a name, so that it goes with this process. */

import { randomUUID } from "node:crypto";
import { closeSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "../host/run.ts";

export interface Disk {
  /** For QEMU a file, as qcow2, for user-mode Linux a folder; while this process lives and until it is dropped. */
  path: string;
  /**
   * What the end of its power does to it, once its guest has gone.
   * @default nothing: what was not on it yet, its guest alone had
   */
  cut?(): Promise<void>;
  /** Frees its room. */
  drop(): void;
}

/** @param image A raw image, or a layer. It is not written to. */
export async function layerOver(image: string, format: "raw" | "qcow2" = "raw"): Promise<Disk> {
  // Where QEMU has its own temporary disks: /tmp may be memory.
  const file = join(process.env.TMPDIR ?? "/var/tmp", `pptp-fleet-${randomUUID()}.qcow2`);
  try {
    await run("qemu-img", ["create", "-q", "-f", "qcow2", "-F", format, "-b", image, file]);
    const fd = openSync(file, "r+");
    return { path: `/proc/${process.pid}/fd/${fd}`, drop: () => closeSync(fd) };
  } finally {
    rmSync(file, { force: true });
  }
}
