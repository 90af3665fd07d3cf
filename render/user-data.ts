/** User data: one cloud-config, gzipped, that takes Debian's image to a serving machine. */
import { gzipSync } from "fflate";
import { Scalar, type ScalarTag, stringify } from "yaml";
import { stringTag } from "yaml/util";
import { memoizeLast } from "./memoize-last.ts";
import type { MachineFile } from "./overlay.ts";

/** EC2's limit, on the bytes before base64 (AWS: Run commands when you launch an EC2 instance). */
export const USER_DATA_LIMIT = 16_384;

/**
 * The parts of cloud-config that we use; cloud-init passes unknown keys in silence, this does not
 * (traps: unknown-cloud-config-key).
 */
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
  const files = config.write_files.map((file) => ({ ...file, content: node(file) }));
  // No line folding: a file's own lines stay as they are, and so does a diff of two documents.
  const document = stringify({ ...config, write_files: files }, { lineWidth: 0, customTags: [TEXT] });
  return `#cloud-config\n${document}`;
}

/** By permissions and path, the node of its content. */
const nodes = new Map<string, (content: string) => Scalar<string>>();

/** The same node for the same content, for most of a fleet's machines. */
function node({ path, permissions, content }: MachineFile): Scalar<string> {
  const key = `${permissions} ${path}`;
  const made = nodes.get(key) ?? memoizeLast((text) => new Scalar(text));
  nodes.set(key, made);
  return made(content);
}

/** What a node was written as, at which indent. */
const written = new WeakMap<Scalar, { indent: string; text: string }>();

/** The library's own strings, each node written once. */
const TEXT: ScalarTag = {
  ...stringTag,
  stringify(item, context, onComment, onChompKeep) {
    const { indent } = context;
    const before = written.get(item);
    if (before?.indent === indent) return before.text;
    let keeps = false;
    const text = stringTag.stringify!(item, context, onComment, () => {
      keeps = true;
      onChompKeep?.();
    });
    // The library has to be told of one that keeps its last empty lines, each time.
    if (!keeps) written.set(item, { indent, text });
    return text;
  },
};

/**
 * The bytes for EC2. Compressed by a pure JavaScript deflate and not by Node's zlib, which picks its code by the
 * processor's features and may so give other bytes (known of it, not measured by us): the same plan must give the
 * same bytes on each machine that runs it, or servers are replaced for nothing.
 */
export function userData(document: string): Buffer {
  return Buffer.from(gzipSync(new TextEncoder().encode(document), { level: 9, mtime: 0 }));
}
