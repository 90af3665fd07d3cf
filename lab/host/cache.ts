/** What takes long to make is made once: directories under `$XDG_CACHE_HOME/pptp-fleet/lab`, named by their inputs. */

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const UNUSED_MS = 14 * 24 * 3600 * 1000;

export function cacheRoot(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "pptp-fleet", "lab");
}

/** Twelve hex digits that change when any input does. */
export function hashOf(inputs: (string | Buffer)[]): string {
  const hash = createHash("sha256");
  // The length before each input: ["ab", "c"] is not ["a", "bc"].
  for (const input of inputs) hash.update(`${Buffer.byteLength(input)}:`).update(input);
  return hash.digest("hex").slice(0, 12);
}

/** The directory that `cached` fills for these inputs, whether it is there or not. */
export const cachePath = (what: string, inputs: (string | Buffer)[]): string =>
  join(cacheRoot(), `${what}-${hashOf(inputs)}`);

/**
 * The directory `<what>-<hash of inputs>`, filled by `build` where it is not there yet.
 *
 * `build` gets an empty directory under a temporary name, renamed when complete: a directory that is there is
 * whole. Of several runs at once one builds, and the others wait for it.
 *
 * @param unusedMs An entry that no run has used for this long goes when its successor is made. @default two weeks
 */
export async function cached(
  what: string,
  inputs: (string | Buffer)[],
  build: (dir: string) => Promise<void>,
  unusedMs = UNUSED_MS,
): Promise<string> {
  const dir = cachePath(what, inputs);
  if (!existsSync(dir)) {
    mkdirSync(cacheRoot(), { recursive: true, mode: 0o700 });
    const unlock = await lock(join(cacheRoot(), `${what}.lock`));
    try {
      if (!existsSync(dir)) {
        sweep(what, unusedMs);
        const unfinished = join(cacheRoot(), `${what}.unfinished`);
        try {
          mkdirSync(unfinished);
          await build(unfinished);
          renameSync(unfinished, dir);
        } finally {
          rmSync(unfinished, { recursive: true, force: true });
        }
      }
    } finally {
      await unlock();
    }
  }
  const now = new Date();
  utimesSync(dir, now, now);
  return dir;
}

/** Removes what a killed build has left, and what nobody uses any more. The lock is held. */
function sweep(what: string, unusedMs: number): void {
  for (const name of readdirSync(cacheRoot())) {
    const path = join(cacheRoot(), name);
    const stale = name.startsWith(`${what}-`) && Date.now() - statSync(path).mtimeMs > unusedMs;
    if (stale || name === `${what}.unfinished`) rmSync(path, { recursive: true, force: true });
  }
}

/** Waits for an exclusive lock on a file. The kernel frees it when this process dies, however it dies. */
function lock(path: string): Promise<() => Promise<void>> {
  const holder = spawn("flock", [path, "sh", "-c", "echo locked && exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => holder.once("close", () => resolve()));
  return new Promise((resolve, reject) => {
    holder.once("error", (error) => reject(new Error(`cannot lock ${path}: ${error.message}`)));
    holder.once("exit", (code) => reject(new Error(`cannot lock ${path}: flock ended with code ${code}`)));
    holder.stdout.once("data", () =>
      resolve(() => {
        holder.stdin.end();
        return ended;
      }),
    );
  });
}
