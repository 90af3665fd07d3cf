/** What an instance's user data puts on the machine. */
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { LAUNCH_TEMPLATE } from "../../graph/types.ts";

export interface UserData {
  /** As cloud-init reads it. */
  readonly text: string;
  /** Contents by path, as they will lie there. */
  readonly files: Readonly<Record<string, string>>;
  /** Keys of the cloud-config, at its top and of its users. */
  readonly keys: readonly string[];
}

/** The bytes that EC2 gets; undefined where there are none. */
export function userDataOf({ type, props }: { type: string; props: object }): Buffer | undefined {
  const { userData, userDataBase64 }: { userData?: unknown; userDataBase64?: unknown } = props;
  if (typeof userDataBase64 === "string") return Buffer.from(userDataBase64, "base64");
  if (typeof userData !== "string") return undefined;
  // A launch template has it in base64 only.
  return type === LAUNCH_TEMPLATE ? Buffer.from(userData, "base64") : Buffer.from(userData);
}

/** By user data: several policies read each machine, and YAML is slow to parse. */
const known = new Map<string, UserData | undefined>();

/** Undefined for what is no cloud-config: nobody can tell what such a machine does. */
export function readUserData(bytes: Buffer | undefined): UserData | undefined {
  if (bytes === undefined) return undefined;
  const key = bytes.toString("latin1");
  if (!known.has(key)) known.set(key, parsed(bytes));
  return known.get(key);
}

function parsed(bytes: Buffer): UserData | undefined {
  try {
    const text = unpacked(bytes);
    if (!text.startsWith("#cloud-config")) return undefined;
    const config: CloudConfig = parse(text) ?? {};
    const files = (config.write_files ?? []).map((file) => [file.path, contentOf(file)]);
    const users = (config.users ?? []).filter((user) => typeof user === "object");
    return {
      text,
      files: Object.fromEntries(files),
      keys: [...Object.keys(config), ...users.flatMap((user) => Object.keys(user))],
    };
  } catch {
    return undefined;
  }
}

/** All that user data says, for searches: files that it packs besides, unpacked. Undefined where nobody can tell. */
export function readable(bytes: Buffer): string | undefined {
  const read = readUserData(bytes);
  return read && [read.text, ...Object.values(read.files)].join("\n");
}

/** Gzipped or not. @throws Error for what is gzip and broken. */
export function unpacked(bytes: Buffer): string {
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (gzip ? gunzipSync(bytes) : bytes).toString("utf8");
}

/** By cloud-init's `encoding`: b64, gz or both, in its several spellings. */
function contentOf({ content = "", encoding = "" }: WriteFile): string {
  const bytes = /b64|base64/.test(encoding) ? Buffer.from(String(content), "base64") : Buffer.from(content);
  return unpacked(bytes);
}

/** The lines of a file that say something. */
export function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

interface CloudConfig {
  write_files?: WriteFile[];
  users?: object[];
}

interface WriteFile {
  path: string;
  /** Bytes where YAML's own `!!binary` says them. */
  content?: string | Uint8Array;
  encoding?: string;
}
