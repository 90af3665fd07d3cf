/**
 * Runs a command inside the lab's own namespaces: `node lab/enter.ts -- command arg…` (root).
 *
 *   host                        │ network + mount + pid namespace, without a name
 *                               │
 *   enter.ts ── one channel ────┼─▶ bash (pid 1, reaps) ─▶ supervisor.ts ─▶ command
 *      └─ slirp4netns ══════════┼══ uplink0 198.19.254.100, gateway .2, DNS .3
 *
 * Whatever the lab makes (guests, taps, bridges, firewalls, mounts, files in /run) exists in there only. When
 * this process dies, by `kill -9` too, the channel closes, the supervisor ends, and the kernel takes all of it down.
 * The uplink is in user space: the host gets no interface, no route, no firewall rule and no sysctl.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { INSIDE } from "./host/inside.ts";
import { UPLINK_CIDR } from "./network/topology.ts";

const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const UPLINK_TIMEOUT_MS = 20_000;

/** How the command ends when a signal is passed on to it and it goes on: killed after this long. */
const GRACE_MS = 30_000;

/**
 * Runs `command` inside, with this process's stdin, stdout and stderr, and waits for it.
 *
 * SIGINT, SIGTERM and SIGHUP are passed on; a second one, or 30 s, ends everything at once.
 *
 * @returns its exit code, 128 + n after signal n.
 * @throws Error without root, or where the uplink does not come up.
 */
export async function enter(command: string[]): Promise<number> {
  if (process.getuid?.() !== 0)
    throw new Error("the lab needs root for its network namespace: run it with sudo");

  // Detached: Ctrl-C reaches this process only, and the command once, through the channel.
  const inside = spawn(
    "unshare",
    // bash stays pid 1 because of the second command; node would not reap what is orphaned in there.
    [
      "--net",
      "--mount",
      "--pid",
      "--fork",
      "--kill-child",
      "--mount-proc",
      "bash",
      "-c",
      '"$@"; exit $?',
      "lab",
    ].concat([process.execPath, fileURLToPath(new URL("supervisor.ts", import.meta.url))], command),
    {
      stdio: ["inherit", "inherit", "inherit", "pipe"],
      detached: true,
      env: { ...process.env, [INSIDE]: "1" },
    },
  );
  const ended = exitOf(inside);
  const channel = inside.stdio[3] as Duplex;
  channel.on("error", () => {}); // the supervisor is gone: `ended` says so

  let signals = 0;
  const pass = (signal: NodeJS.Signals) => {
    signals += 1;
    if (signals > 1) inside.kill("SIGKILL");
    else {
      channel.write(`${signal}\n`);
      setTimeout(() => inside.kill("SIGKILL"), GRACE_MS).unref();
    }
  };
  for (const signal of FORWARDED) process.on(signal, pass);

  let uplink: ChildProcess | undefined;
  try {
    const ready = new Promise<void>((resolve) => channel.once("data", () => resolve()));
    const early = await Promise.race([ready, ended]);
    if (early !== undefined) return early;
    uplink = await startUplink(inside.pid!);
    channel.write("go\n");
    return await ended;
  } finally {
    for (const signal of FORWARDED) process.off(signal, pass);
    inside.kill("SIGKILL");
    uplink?.removeAllListeners("exit");
    uplink?.kill("SIGKILL");
  }
}

/** slirp4netns on the namespace of `pid`, once it carries packets. It ends with this process (`--exit-fd`). */
async function startUplink(pid: number): Promise<ChildProcess> {
  const uplink = spawn(
    "slirp4netns",
    [
      "--configure",
      // RFC 2544's range, which no stack's VPC can have; the default 10.0.2.0/24 could be one's.
      `--cidr=${UPLINK_CIDR}`,
      "--mtu=1500",
      "--disable-host-loopback",
      "--exit-fd=3",
      "--ready-fd=4",
      `${pid}`,
      "uplink0",
    ],
    { stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"], detached: true },
  );
  let log = "";
  for (const stream of [uplink.stdout!, uplink.stderr!])
    stream.on("data", (text) => (log = `${log}${text}`.slice(-4000)));
  const ready = new Promise<"ready">((resolve) => uplink.stdio[4]!.once("data", () => resolve("ready")));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), UPLINK_TIMEOUT_MS);
  });
  const state = await Promise.race([ready, late, exitOf(uplink)]).finally(() => clearTimeout(timer));
  if (state !== "ready") {
    uplink.kill("SIGKILL");
    const what =
      state === "late" ? `did not come up within ${UPLINK_TIMEOUT_MS / 1000} s` : `ended (${state})`;
    throw new Error(`the lab's uplink, slirp4netns, ${what}:\n${log}`);
  }
  uplink.once("exit", (code) => console.error(`the lab's uplink, slirp4netns, ended (${code}):\n${log}`));
  return uplink;
}

/** The exit code of `child`, 128 + n after signal n. A command that cannot be started rejects with its name. */
function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`cannot start ${child.spawnfile}: ${error.message}`)));
    child.once("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
}

if (import.meta.main) {
  const [dashes, ...command] = process.argv.slice(2);
  if (dashes !== "--" || command.length === 0) {
    console.error("usage: node lab/enter.ts -- command [argument…]");
    process.exit(64);
  }
  try {
    process.exit(await enter(command));
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
