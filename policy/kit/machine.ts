/** What an instance's user data puts on the machine. */
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";

export interface Machine {
  /** As cloud-init reads it. */
  text: string;
  /** Contents by path. */
  files: Record<string, string>;
  /** Keys of the cloud-config, at its top and of its users. */
  keys: string[];
}

/** The bytes that EC2 gets; undefined where there are none. */
export function userDataOf(props: { userData?: unknown; userDataBase64?: unknown }): Buffer | undefined {
  if (typeof props.userDataBase64 === "string") return Buffer.from(props.userDataBase64, "base64");
  if (typeof props.userData === "string") return Buffer.from(props.userData);
  return undefined;
}

/** Undefined for what is no cloud-config: nobody can tell what such a machine does. */
export function readMachine(bytes: Buffer | undefined): Machine | undefined {
  if (bytes === undefined) return undefined;
  try {
    const text = unpacked(bytes);
    if (!text.startsWith("#cloud-config")) return undefined;
    const config: CloudConfig = parse(text) ?? {};
    const files = (config.write_files ?? []).map(({ path, content }) => [path, content ?? ""]);
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

/** Text of user data of any kind, for searches. */
export function unpacked(bytes: Buffer): string {
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (gzip ? gunzipSync(bytes) : bytes).toString("utf8");
}

/** The lines of a file that say something. */
export function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** What pppd is told for each session; undefined for a machine that is no PPTP server. */
export function pppdOptions({ files }: Machine): string[] | undefined {
  const options = files["/etc/ppp/pptpd-options"];
  return options === undefined ? undefined : lines(options);
}

interface CloudConfig {
  write_files?: { path: string; content?: string }[];
  users?: object[];
}
