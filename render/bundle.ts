/** A bundle: all that a machine is to be, in one document, which the machine's own apply program brings about. */
import { createHash } from "node:crypto";
import { gzipSync } from "fflate";
import type { Effect, Once, UnitNames } from "../templates/part.ts";
import { memoizeLast } from "./memoize-last.ts";
import type { MachineFile } from "./overlay.ts";

/** A file as it lies on the machine, and what has to happen there so that a change of it holds. */
export interface BundleFile extends MachineFile {
  effect: Effect;
  /** Set where a change goes through while the rest waits for sessions to leave. */
  apart?: true;
}

export interface BundlePackage {
  /** Debian's. */
  name: string;
  /** Debian's version, exactly. @default the one that is installed, or else the newest */
  version?: string;
  /** Set where no part needs it: it has the version where it is installed, and is not installed for it. */
  ifInstalled?: true;
}

/** The document; templates/apply/ has who reads it. */
export interface Bundle {
  /** Of the document: a bootstrap or a program that knows another one refuses it. */
  format: 1;
  /** The machine's name in the plan: `a-1`, `gateway-a`. */
  machine: string;
  kind: MachineKind;
  /** Shell scripts, before packages come. */
  before: Once[];
  packages: BundlePackage[];
  /** Units that must not run. */
  masks: string[];
  /** Sorted by path. */
  files: BundleFile[];
  units: UnitNames;
  /** Packages that go, as dpkg-query's patterns. */
  purges: string[];
  /** Seconds for which a machine that has changed is watched before the change counts as good. */
  watch: number;
}

export type MachineKind = "server" | "gateway";

/** The bytes for S3, and what they are called. */
export interface PackedBundle {
  /** JSON, gzipped. */
  bytes: Buffer;
  /** SHA-256 of the bytes, hexadecimal. */
  version: string;
}

/** Of most of a fleet's machines a file has the same text. */
const written = new Map<string, (content: string) => string>();

/** The same bytes for the same bundle, on every machine that runs the program (traps: zlib-bytes-by-processor). */
export function packBundle({ files, ...rest }: Bundle): PackedBundle {
  const list = files.map(({ content, ...file }) => {
    const head = JSON.stringify(file).slice(0, -1);
    if (!written.has(head)) written.set(head, memoizeLast(JSON.stringify));
    return `${head},"content":${written.get(head)!(content)}}`;
  });
  const document = `${JSON.stringify(rest).slice(0, -1)},"files":[${list.join(",\n")}]}\n`;
  const bytes = Buffer.from(gzipSync(new TextEncoder().encode(document), { level: 9, mtime: 0 }));
  return { bytes, version: createHash("sha256").update(bytes).digest("hex") };
}
