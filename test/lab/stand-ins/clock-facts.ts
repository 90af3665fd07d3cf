/**
 * Time as a group of processes could use it, in a process that counts no other: `node clock-facts.ts busy|quiet` prints
 * what passed of it, and of the clock, as JSON. The expectations are clock.test.ts's.
 *
 *   busy    three that run all the time, on one processor: two of them wait
 *   quiet   one that sleeps
 */

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { alarm, count, now } from "../../../lab/clock.ts";

const SCRIPTS = {
  busy: "for i in 1 2 3; do (while :; do :; done) & done; echo; wait",
  quiet: "echo; sleep 1000; :",
};
const script = SCRIPTS[process.argv[2] as keyof typeof SCRIPTS];

/** Milliseconds that the machine's own host took, as the kernel says it: seconds × 100. */
const stolen = () =>
  (Number(readFileSync("/proc/stat", "utf8").split(/\s+/)[8]) * 10) / availableParallelism();

const group = spawn("taskset", ["-c", "0", "bash", "-c", script], {
  detached: true,
  stdio: ["ignore", "pipe", "inherit"],
});
await new Promise((begun) => group.stdout.once("data", begun));
const uncount = count(group.pid!);
try {
  // Once, so that each task has been seen.
  await sleep(300);
  now();
  const [clock, own, taken] = [performance.now(), now(), stolen()];
  let rung = 0;
  alarm(400, () => {
    rung = performance.now() - clock;
  });
  let offRang = false;
  alarm(100, () => {
    offRang = true;
  })();
  while (performance.now() - clock < 2_000 || rung === 0) {
    await sleep(250);
    now();
  }
  const passed = { clock: performance.now() - clock, own: now() - own, stolen: stolen() - taken };
  console.log(JSON.stringify({ ...passed, rung, offRang }));
} finally {
  uncount();
  process.kill(-group.pid!, "SIGKILL");
}
