/**
 * Which QEMU emulates the guests, where it is from, and why.
 *
 * Before 8.1 QEMU's emulation can miss that a kernel has changed its own code: the guest runs a breakpoint that is not
 * there any more and dies of it ("Oops: int3"). Debian 13 has 10.0; Debian 12 has 7.2, and 10.0 in its backports.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cached } from "../host/cache.ts";
import { run } from "../host/run.ts";

export interface Emulator {
  /** The program: a name of the path's, or a file. */
  command: string;
  /** Where its firmware lies, as QEMU's first arguments; none for the host's own. */
  arguments: string[];
  /** QEMU's own line. */
  version: string;
}

/** QEMU's own name: the host's package. */
export const HOST_QEMU = "qemu-system-x86_64";

/** The first version that sees changed code. */
const MENDED = [8, 1] as const;

/** Downloading 13 MB, and apt's own retries. */
const BUILD_TIMEOUT_MS = 5 * 60_000;

/** The host's QEMU where it is new enough, else the one of its release's backports, else the host's all the same. */
export async function emulator(): Promise<Emulator> {
  const host = { command: HOST_QEMU, arguments: [], version: await versionOf(HOST_QEMU) };
  if (!isOlder(host.version, MENDED)) return host;
  try {
    return await fromBackports();
  } catch (error) {
    const reason = (error as Error).message.trim().split("\n").at(-1);
    console.error(`no QEMU from backports (${reason}): the host's, ${host.version}, may crash sound guests`);
    return host;
  }
}

async function fromBackports(): Promise<Emulator> {
  const suite = `${codename(readFileSync("/etc/os-release", "utf8"))}-backports`;
  const scripts = ["common.sh", "emulator.sh"].map((name) => fileURLToPath(new URL(name, import.meta.url)));
  const inputs = [suite, ...scripts.map((path) => readFileSync(path, "utf8"))];
  const dir = await cached("emulator", inputs, async (dir) => {
    await run(scripts[1]!, [dir, suite], { timeoutMs: BUILD_TIMEOUT_MS });
  });
  const command = join(dir, "bin", HOST_QEMU);
  const firmware = ["qemu", "seabios"].flatMap((name) => ["-L", join(dir, "share", name)]);
  return { command, arguments: firmware, version: await versionOf(command) };
}

/** Whether QEMU's line tells of a version before `wanted`. */
export function isOlder(line: string, [major, minor]: readonly [number, number]): boolean {
  const [, theirMajor, theirMinor] = /version (\d+)\.(\d+)/.exec(line) ?? [];
  if (theirMajor === undefined) throw new Error(`QEMU's version is not in its line: ${line}`);
  return Number(theirMajor) < major || (Number(theirMajor) === major && Number(theirMinor) < minor);
}

/** The release's name in /etc/os-release. */
export function codename(osRelease: string): string {
  const name = /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(osRelease)?.[1];
  if (!name) throw new Error("/etc/os-release has no VERSION_CODENAME");
  return name;
}

async function versionOf(command: string): Promise<string> {
  return (await run(command, ["--version"])).stdout.split("\n")[0]!;
}
