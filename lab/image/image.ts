/** The lab's images and its certificate authority, made when they are missing: see `image/*.sh` for what is in them. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cached } from "../host/cache.ts";
import type { Report } from "../host/phases.ts";
import { run } from "../host/run.ts";

/** How long a build may be silent: it downloads some 300 MB of packages and unpacks 1 GB, and one compiles a kernel. */
const SILENCE_MS = 10 * 60_000;

/** The authority whose certificate the machines trust, made once; it signs the stand-ins for AWS's own services. */
export interface Authority {
  /** PEM files. The key stays on this machine, in a directory of mode 700. */
  certificate: string;
  key: string;
}

/** What a server boots from, in place of the AMI. */
export interface AmiImage {
  disk: string;
  /** The same root as a directory, for chroot. */
  rootfs: string;
}

/** What the client boots from, directly by its kernel. */
export interface ToolsImage {
  disk: string;
  kernel: string;
  initrd: string;
  /** The same root as a directory, for chroot: Debian 13's readers of the files that the overlay renders. */
  rootfs: string;
}

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
/** The text of a script in image/, which is an input of what it makes. */
export const imageText = (name: string): string => readFileSync(script(name), "utf8");

const AUTHORITY_INPUTS = ["P-256, ten years"];

export async function authority(): Promise<Authority> {
  const dir = await cached("ca", AUTHORITY_INPUTS, async (dir) => {
    const subject = ["-days", "3650", "-subj", "/CN=pptp-fleet lab CA"];
    const extensions = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"];
    await run(
      "openssl",
      [
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", ...subject],
        ...["-keyout", join(dir, "ca.key"), "-out", join(dir, "ca.crt")],
      ].concat(extensions.flatMap((each) => ["-addext", each])),
    );
  });
  return { certificate: join(dir, "ca.crt"), key: join(dir, "ca.key") };
}

export async function amiImage(report: Report = () => {}): Promise<AmiImage> {
  const { certificate } = await authority();
  const inputs = [imageText("common.sh"), imageText("ami.sh"), readFileSync(certificate)];
  const dir = await cached("ami", inputs, (dir) => buildImage(script("ami.sh"), [dir, certificate], report));
  return { disk: join(dir, "disk.raw"), rootfs: join(dir, "rootfs") };
}

export async function toolsImage(report: Report = () => {}): Promise<ToolsImage> {
  const inputs = [imageText("common.sh"), imageText("tools.sh")];
  const dir = await cached("tools", inputs, (dir) => buildImage(script("tools.sh"), [dir], report));
  const [disk, rootfs] = [join(dir, "disk.raw"), join(dir, "rootfs")];
  return { disk, rootfs, kernel: join(dir, "vmlinuz"), initrd: join(dir, "initrd") };
}

/** Runs a script that makes an image, in namespaces of its own, so that a killed build leaves no mount, no loop device and no process. */
export async function buildImage(script: string, args: string[], report: Report): Promise<void> {
  const isolate = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  await run("unshare", [...isolate, script, ...args], {
    timeoutMs: SILENCE_MS,
    silence: true,
    onLine: report,
  });
}
