/** The lab's namespaces: what is inside, and that nothing of it outlives the process that made them. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { run } from "../../../lab/host/run.ts";
import { waitUntil } from "../../../lab/host/wait.ts";

const ENTER = fileURLToPath(new URL("../../../lab/enter.ts", import.meta.url));
const soon = { timeoutMs: 15_000, everyMs: 50 };

const enter = (command: string[]) => run(process.execPath, [ENTER, "--", ...command], { mayFail: true });

/** A command inside that goes on until it is ended; `mark` is in its argv, by which it is found. */
function start(mark: string, script: string): ChildProcess {
  return spawn(process.execPath, [ENTER, "--", "bash", "-c", script, mark], { stdio: "ignore" });
}

/** Processes that have `mark` as an argument of their own, other than the ones that were asked to start it. */
function running(mark: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(mark);
    } catch {
      return false; // it has ended meanwhile
    }
  });
}

/** Those whose first words are the command itself: it runs, and not only what leads to it. */
const started = (mark: string) =>
  running(mark).some((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("bash\0-c\0echo"));

describe("the lab's namespaces", () => {
  test("have the loopback and the uplink, and nothing of the host's", async () => {
    const { stdout } = await enter(["ip", "-j", "link"]);
    expect(JSON.parse(stdout).map((link: { ifname: string }) => link.ifname)).toEqual(["lo", "uplink0"]);
  });

  test("pass on the command's exit code, and a signal's as 128 and its number", async () => {
    expect((await enter(["bash", "-c", "exit 7"])).code).toBe(7);
    expect((await enter(["bash", "-c", "kill -9 $$"])).code).toBe(137);
  });

  test("name a command that cannot be started", async () => {
    const { code, stderr } = await enter(["no-such-command"]);
    expect([code, stderr]).toEqual([127, expect.stringContaining("no-such-command")]);
  });

  test("pass on SIGTERM, once", async () => {
    const mark = "terminated-mark";
    // What is waited for is there only once the trap is.
    const outer = start(mark, `trap "exit 5" TERM; bash -c "echo; sleep 1000; true" ${mark} & wait`);
    await waitUntil("the command", () => started(mark), soon);
    const ended = new Promise((resolve) => outer.once("exit", resolve));
    outer.kill("SIGTERM");
    expect(await ended).toBe(5);
  });

  test("go with the process that made them, when it is killed", async () => {
    const mark = "killed-mark";
    // The second one has no parent left: nobody but the kernel would end it.
    const outer = start(mark, `echo; (setsid bash -c "sleep 1000; true" ${mark} &); sleep 1000; true`);
    await waitUntil("the command", () => started(mark), soon);
    outer.kill("SIGKILL");
    await waitUntil("the end of all of it", () => running(mark).length === 0, soon);
  });
});
