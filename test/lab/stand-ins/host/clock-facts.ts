/**
 * Time as a group of processes could use it, in a process that counts no other: `node clock-facts.ts busy|quiet` prints
 * what passed of it, and of the clock, as JSON. The expectations are clock.test.ts's.
 *
 *   busy    three that run all the time, on one processor: two of them wait
 *   quiet   one that waits for a word
 */

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { alarm, count, LOOK_EVERY_MS, now } from "../../../../lab/host/clock.ts";

const SCRIPTS = {
  busy: "for i in 1 2 3; do (while :; do :; done) & done; echo; wait",
  quiet: "echo; read -r _",
};
const script = SCRIPTS[process.argv[2] as keyof typeof SCRIPTS];

/** Milliseconds that the machine's own host took, as the kernel says it: seconds × 100. */
const stolen = () =>
  (Number(readFileSync("/proc/stat", "utf8").split(/\s+/)[8]) * 10) / availableParallelism();

/** The clock, and the lab's own time at its next look at the tasks. */
async function look(): Promise<[clock: number, own: number]> {
  await sleep(LOOK_EVERY_MS + 50);
  return [performance.now(), now()];
}

const group = spawn("taskset", ["-c", "0", "bash", "-c", script], {
  detached: true,
  stdio: ["pipe", "pipe", "inherit"],
});
await new Promise((begun) => group.stdout.once("data", begun));
const uncount = count(group.pid!);
try {
  // Once, so that each task has been seen; the times are those of a look, after which nothing is corrected.
  await look();
  const [clock, own, taken] = [...(await look()), stolen()];
  let rung = 0;
  alarm(400, () => {
    rung = performance.now() - clock;
  });
  let offRang = false;
  alarm(100, () => {
    offRang = true;
  })();
  while (rung === 0) await look();
  // The alarm's own looks are over: this one corrects all of the time.
  const [end, ownEnd] = await look();
  const passed = { clock: end - clock, own: ownEnd - own, stolen: stolen() - taken };
  console.log(JSON.stringify({ ...passed, rung, offRang }));
} finally {
  uncount();
  process.kill(-group.pid!, "SIGKILL");
}
