/** Child processes of the lab: commands that end, and daemons that are ended. */

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import type { Duplex } from "node:stream";
import { alarm, count } from "./clock.ts";

export interface Outcome {
  /** Exit code, 128 + n after signal n. */
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Goes to stdin. The place for a secret: argv is visible to every process. */
  input?: string | Buffer;
  cwd?: string;
  env?: Record<string, string>;
  /** Of time as it could use it (clock.ts). @default 60 s */
  timeoutMs?: number;
  /** Whether each line that it prints begins that time anew. @default false */
  silence?: boolean;
  /** Print the command and what it prints, to stderr. @default false */
  echo?: boolean;
  /** Resolve with the code of a command that fails, where it otherwise throws. @default false */
  mayFail?: boolean;
  /** Called with each line of either stream as it comes. */
  onLine?: (line: string) => void;
}

/**
 * Runs a command to its end.
 *
 * @throws Error with the command, its code and the end of what it printed.
 */
export async function run(command: string, args: string[], options: RunOptions = {}): Promise<Outcome> {
  const { timeoutMs = 60_000, silence = false, echo = false } = options;
  if (echo) console.error(`$ ${[command, ...args].join(" ")}`);
  // A group of its own, so that a timeout ends what the command has started too.
  const child = spawn(command, args, {
    detached: true,
    stdio: "pipe",
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: { ...process.env, ...options.env } }),
  });
  const text = { stdout: "", stderr: "" };
  let timedOut = false;
  const limit = () =>
    alarm(timeoutMs, () => {
      timedOut = true;
      killGroup(child);
    });
  const uncount = count(child.pid ?? Number.NaN);
  let quiet = limit();
  for (const name of ["stdout", "stderr"] as const) {
    let rest = "";
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      text[name] += chunk;
      if (echo) process.stderr.write(chunk);
      if (silence) {
        quiet();
        quiet = limit();
      }
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of lines) options.onLine?.(line);
    });
  }
  child.stdin.on("error", () => {}); // it ended without reading all: its code says why
  child.stdin.end(options.input ?? "");
  alive.add(child);
  try {
    const code = await closed(child);
    if (timedOut || (code !== 0 && !options.mayFail)) {
      const late = `${silence ? "said nothing for" : "did not end within"} ${timeoutMs / 1000} s`;
      const why = timedOut ? late : `failed with code ${code}`;
      throw new Error(`${[command, ...args].join(" ")} ${why}:\n${tail(text.stdout + text.stderr)}`);
    }
    return { code, ...text };
  } finally {
    quiet();
    uncount();
    alive.delete(child);
  }
}

export interface Daemon {
  pid: number;
  /** The file with what it prints. */
  log: string;
  /** This side of its channels, in their order. */
  channels: Duplex[];
  /** Its exit code, once it has ended. */
  exited: Promise<number>;
  /** The end of its log, for an error's text. */
  tail(lines?: number): string;
  /** SIGTERM, SIGKILL after 5 s; resolves when it is gone. */
  stop(): Promise<void>;
  /** SIGKILL, to all that it has started too; resolves when it is gone. */
  kill(): Promise<void>;
}

export interface DaemonOptions {
  env?: Record<string, string>;
  /** More of its file descriptors, from 3 on. @default none */
  channels?: "pipe"[];
}

/**
 * Starts a program that runs until it is stopped, its output in the file `log`. It dies with this process, and so does
 * what it has started: they are a process group of their own.
 */
export function startDaemon(
  command: string,
  args: string[],
  log: string,
  { env = {}, channels = [] }: DaemonOptions = {},
): Daemon {
  const out = openSync(log, "a");
  const child = spawn(command, args, {
    stdio: ["ignore", out, out, ...channels],
    env: { ...process.env, ...env },
    detached: true,
  });
  closeSync(out);
  alive.add(child);
  const uncount = count(child.pid ?? Number.NaN);
  const exited = closed(child).finally(() => {
    alive.delete(child);
    uncount();
  });
  exited.catch(() => {}); // whoever waits for it hears of it
  return {
    pid: child.pid ?? 0,
    log,
    exited,
    channels: child.stdio.slice(3) as Duplex[],
    tail: (lines) => tail(readFileSync(log, "utf8"), lines),
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => killGroup(child), 5_000);
      await exited.catch(() => {});
      clearTimeout(timer);
    },
    async kill() {
      killGroup(child);
      await exited.catch(() => {});
    },
  };
}

/** The last `lines` lines. */
export function tail(text: string, lines = 20): string {
  return text.trimEnd().split("\n").slice(-lines).join("\n");
}

/** What ends with this process, and all that it has started. */
const alive = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of alive) killGroup(child);
});

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid) process.kill(-child.pid, "SIGKILL");
  } catch {
    // it has ended by itself
  }
}

function closed(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`cannot start ${child.spawnfile}: ${error.message}`)));
    child.once("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
}
