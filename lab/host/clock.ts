/**
 * Time as the lab's machines could use it: the clock, less what they were ready to run and had no processor. Every
 * limit of the lab is counted in it, so that on a machine with other work to do nothing ends for being slow.
 *
 * What a task waited for a processor is the second number of its `schedstat` (kernel: Documentation/scheduler/
 * sched-stats.rst); what another virtual machine had of this one's processors is `steal` in /proc/stat.
 */
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** Of a stretch of time at least this much counts, so that each limit is reached, in eight times its clock at the latest. */
const LEAST_SHARE = 1 / 8;
/** How often the tasks are looked at, at the most: each look reads a file a task. */
export const LOOK_EVERY_MS = 1_000;
/** The kernel's unit of `steal`: USER_HZ (man 5 proc). */
const TICK_MS = 10;

/** Process groups whose tasks are the lab's own. */
const groups = new Set<number>();
/** By task: the wait for a processor that was counted already, in nanoseconds. */
let counted = new Map<string, number>();
let lost = 0;
let looked = performance.now();
let stolen = steal();

/** The tasks of a process group count from now on. @returns ends that. */
export function count(group: number): () => void {
  groups.add(group);
  return () => groups.delete(group);
}

/** Milliseconds, from any beginning. */
export function now(): number {
  const clock = performance.now();
  return clock - looked >= LOOK_EVERY_MS ? looking(clock) : clock - lost;
}

/** The same, with a look at the tasks. */
function looking(clock = performance.now()): number {
  lost += Math.min(waited() + stolenSince(), (clock - looked) * (1 - LEAST_SHARE));
  looked = clock;
  return clock - lost;
}

/** Calls `ring` after `ms` of that time. @returns calls it off. */
export function alarm(ms: number, ring: () => void): () => void {
  const end = now() + ms;
  const look = () => {
    const left = end - looking();
    if (left <= 0) ring();
    else timer = setTimeout(look, Math.max(left, 20));
  };
  let timer = setTimeout(look, ms);
  return () => clearTimeout(timer);
}

/** Milliseconds that the lab's tasks have waited for a processor since the last look, all together. */
function waited(): number {
  const seen = new Map<string, number>();
  let sum = 0;
  for (const task of groups.size === 0 ? [] : tasks()) {
    const wait = Number(read(`/proc/${task}/schedstat`)?.split(" ")[1] ?? 0);
    seen.set(task, wait);
    sum += Math.max(0, wait - (counted.get(task) ?? wait));
  }
  counted = seen;
  return sum / 1e6;
}

/** `PID/task/TID` of every task of the groups. */
function tasks(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && groups.has(groupOf(name)))
    .flatMap((pid) => {
      try {
        return readdirSync(`/proc/${pid}/task`).map((task) => `${pid}/task/${task}`);
      } catch {
        return []; // it has ended
      }
    });
}

/** NaN for one that has ended. */
function groupOf(pid: string): number {
  const stat = read(`/proc/${pid}/stat`);
  // The command may hold spaces and brackets: what follows its last bracket is state, parent, group.
  return stat === undefined ? Number.NaN : Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
}

function stolenSince(): number {
  const before = stolen;
  stolen = steal();
  return stolen - before;
}

/** Milliseconds a processor, since the machine's start. */
function steal(): number {
  const ticks = Number(/^cpu +(?:\d+ ){7}(\d+)/.exec(read("/proc/stat") ?? "")?.[1] ?? 0);
  return (ticks * TICK_MS) / availableParallelism();
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
