/** User data: one cloud-config, gzipped, that takes Debian's image to a serving machine. */
import { gzipSync } from "fflate";
import { stringify } from "yaml";
import type { MachineFile } from "./overlay.ts";
import { remembered } from "./remembered.ts";

/** EC2's limit, on the bytes before base64 (AWS: Run commands when you launch an EC2 instance). */
export const USER_DATA_LIMIT = 16_384;

/** The parts of cloud-config that we use; cloud-init passes unknown keys in silence (trap 33), this does not. */
export interface CloudConfig {
  ssh_authorized_keys?: string[];
  ssh_genkeytypes?: string[];
  bootcmd: string[][];
  apt?: { conf: string };
  package_update?: boolean;
  package_upgrade?: boolean;
  packages?: string[];
  package_reboot_if_required?: boolean;
  write_files: MachineFile[];
  runcmd: string[][];
}

/** The document as cloud-init reads it. */
export function cloudConfig(config: CloudConfig): string {
  const parts = Object.entries(config).map(([key, value]) =>
    key === "write_files" && config.write_files.length > 0
      ? `${FILES}${config.write_files.map(item).join("")}`
      : yaml({ [key]: value }),
  );
  return `#cloud-config\n${parts.join("")}`;
}

function yaml(config: Partial<CloudConfig>): string {
  // No line folding: a file's own lines stay as they are, and so does a diff of two documents.
  return stringify(config, { lineWidth: 0 });
}

const FILES = "write_files:\n";

/** By permissions and path, what its content is in the document. */
const items = new Map<string, (content: string) => string>();

/** A file as an element of `write_files`. */
function item({ path, permissions, content }: MachineFile): string {
  const key = `${permissions} ${path}`;
  let written = items.get(key);
  if (written === undefined) {
    written = remembered((content) =>
      yaml({ write_files: [{ path, permissions, content }] }).slice(FILES.length),
    );
    items.set(key, written);
  }
  return written(content);
}

/**
 * The bytes for EC2. Compressed by a pure JavaScript deflate and not by Node's zlib, which picks its code by the
 * processor's features and may so give other bytes (known of it, not measured by us): the same plan must give the
 * same bytes on each machine that runs it, or servers are replaced for nothing.
 */
export function userData(document: string): Buffer {
  return Buffer.from(gzipSync(new TextEncoder().encode(document), { level: 9, mtime: 0 }));
}
