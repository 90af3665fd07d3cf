/** User data: one cloud-config, gzipped, that takes Debian's image to the first apply of its bundle. */
import { gzipSync } from "fflate";
import { stringify } from "yaml";
import type { MachineFile } from "./overlay.ts";

/** EC2's limit, on the bytes before base64 (AWS: Run commands when you launch an EC2 instance). */
export const USER_DATA_LIMIT = 16_384;

/**
 * The parts of cloud-config that we use; cloud-init passes unknown keys in silence, this does not
 * (traps: unknown-cloud-config-key).
 */
export interface CloudConfig {
  ssh_genkeytypes: string[];
  bootcmd: string[][];
  write_files: MachineFile[];
}

/** The document as cloud-init reads it. */
export function cloudConfig(config: CloudConfig): string {
  // No line folding: a file's own lines stay as they are, and so does a diff of two documents.
  return `#cloud-config\n${stringify(config, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

/**
 * The bytes for EC2. Compressed by a pure JavaScript deflate and not by Node's zlib, which picks its code by the
 * processor's features and may so give other bytes (known of it, not measured by us): the same plan must give the
 * same bytes on each machine that runs it, or servers are replaced for nothing.
 */
export function userData(document: string): Buffer {
  return Buffer.from(gzipSync(new TextEncoder().encode(document), { level: 9, mtime: 0 }));
}
