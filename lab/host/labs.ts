/** Which labs are up, found by their first process: each is of one checkout, and a machine may have several. */
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, relative } from "node:path";

export interface Lab {
  /** Process ID of its supervisor (lab/supervisor.ts), as this process numbers it: its number for `--lab`. */
  pid: number;
  /** The folder of the project that it was started from. */
  checkout: string;
  /** What it runs, as it was typed: paths from the checkout on. */
  command: string;
}

const SUPERVISOR = "lab/supervisor.ts";
/** The checkout that this file is of. */
export const HERE: string = realpathSync(join(import.meta.dirname, "../.."));

/**
 * The labs that are up, of every checkout, the oldest first.
 *
 * @param proc @default /proc
 */
export function labs(proc = "/proc"): Lab[] {
  const pids = readdirSync(proc)
    .filter((name) => /^[0-9]+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
  return pids.flatMap((pid) => {
    // The supervisor is Node with the file as its first argument; unshare and the shell before it have the same words further on.
    const [node, supervisor, ...command] = argvOf(proc, pid);
    if (node === undefined || supervisor === undefined || !supervisor.endsWith(`/${SUPERVISOR}`)) return [];
    const checkout = dirname(dirname(supervisor));
    return [{ pid, checkout, command: command.map((word) => shortened(word, checkout)).join(" ") }];
  });
}

/** None for a process that has ended, or is the kernel's. */
function argvOf(proc: string, pid: number): string[] {
  try {
    return readFileSync(join(proc, `${pid}`, "cmdline"), "utf8")
      .split("\0")
      .slice(0, -1);
  } catch {
    return [];
  }
}

function shortened(word: string, checkout: string): string {
  if (word.endsWith("/node")) return "node";
  return word.startsWith(`${checkout}/`) ? relative(checkout, word) : word;
}

/**
 * The lab that is meant: this checkout's only one, or the one whose number was given.
 *
 * @param wanted A lab's number.
 * @returns or why there is none, with what to do.
 */
export function chosen(all: Lab[], wanted?: number, checkout: string = HERE): Lab | { why: string } {
  const own = all.filter((lab) => lab.checkout === checkout);
  if (wanted !== undefined) {
    const lab = own.find(({ pid }) => pid === wanted);
    return lab ?? { why: `${notOwn(all, wanted) ?? `there is no lab ${wanted}`}; ${those(own)}` };
  }
  const [only, ...more] = own;
  if (only === undefined)
    return {
      why: `no lab of ${checkout} is up: script/start --keep brings one up${elsewhere(all)}`,
    };
  if (more.length === 0) return only;
  return { why: `${those(own)}\nsay which: npm run lab -- --lab ${own.at(-1)!.pid} client ip address` };
}

function those(own: Lab[]): string {
  if (own.length === 0) return "none of this checkout is up: script/start --keep brings one up";
  return ["of this checkout are up:", ...own.map(({ pid, command }) => `  ${pid}  ${command}`)].join("\n");
}

function notOwn(all: Lab[], wanted: number): string | undefined {
  const other = all.find(({ pid }) => pid === wanted);
  return other && `lab ${wanted} is of ${other.checkout}: npm run lab there enters it`;
}

function elsewhere(all: Lab[]): string {
  const others = [...new Set(all.map(({ checkout }) => checkout))];
  return others.length === 0
    ? ""
    : `; there are some of ${others.join(", ")}, which npm run lab there enters`;
}
