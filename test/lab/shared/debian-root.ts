/** A Debian 13 root with a machine's files in it: the real readers of what is rendered. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { run } from "../../../lab/host/run.ts";
import { toolsImage } from "../../../lab/image/image.ts";
import { mountedRoot } from "../../../lab/image/mounted-root.ts";
import type { MachineFile } from "../../../render/overlay.ts";

/** What is laid into it. */
interface Rooted {
  bundle: { files: MachineFile[] };
  /** Gzipped. */
  userData: Buffer;
}

/** The client's image has the packages of the others too. A copy on write, gone with the namespace. */
export async function debianRoot(machine: Rooted): Promise<string> {
  const { rootfs } = await toolsImage();
  const base = mkdtempSync("/run/readers-");
  const root = await mountedRoot(base, [rootfs]);
  await run("mount", ["-t", "proc", "proc", join(root, "proc")]);
  // The client masks what a server runs.
  for (const unit of ["pptpd", "nftables"]) rmSync(join(root, `etc/systemd/system/${unit}.service`));
  for (const { path, permissions, content } of machine.bundle.files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content, { mode: Number.parseInt(permissions, 8) });
  }
  writeFileSync(join(root, "user-data.yaml"), gunzipSync(machine.userData));
  return root;
}
