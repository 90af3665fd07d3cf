import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Gone, waitUntil } from "../../../../lab/host/wait.ts";

const soon = { timeoutMs: 200, everyMs: 5 };
/** Not in the life of a test, whose own limit tells of a wait that goes on. */
const never = { timeoutMs: 2 ** 31 - 1, everyMs: 5 };

describe("a wait", () => {
  test("returns the first answer, and takes an error for none yet", async () => {
    let probes = 0;
    const probe = () => {
      probes += 1;
      if (probes === 1) throw new Error("restarting");
      return probes === 3 ? "up" : undefined;
    };
    expect(await waitUntil("a guest", probe, never)).toBe("up");
  });

  test("that ends says what for, the last error and the evidence", async () => {
    const probe = () => Promise.reject(new Error("connection refused"));
    const wait = waitUntil("the agent", probe, { ...soon, evidence: () => "end of the console" });
    await expect(wait).rejects.toThrow("the agent: not within 0.2 s\nconnection refused\nend of the console");
  });

  test("leaves its machine alone for as many times as long as a probe took", async () => {
    const ends: number[] = [];
    const begins: number[] = [];
    const probe = async () => {
      begins.push(performance.now());
      await sleep(40);
      ends.push(performance.now());
      return ends.length === 3;
    };
    await waitUntil("a guest", probe, { ...never, rest: 3 });
    for (const i of [1, 2]) {
      const took = ends[i - 1]! - begins[i - 1]!;
      expect(begins[i]! - ends[i - 1]!).toBeGreaterThan(3 * took - 5);
    }
  });

  test("asks again at once after a probe that was long without an answer", async () => {
    let probes = 0;
    const probe = async () => {
      probes += 1;
      if (probes === 3) return true;
      await sleep(40);
      throw new Error("no agent yet");
    };
    // One rest would outlast the test's own limit.
    expect(await waitUntil("a guest", probe, { ...never, rest: 2 ** 20 })).toBe(true);
  });

  test("does not outlast what it waits for", async () => {
    const unless = Promise.reject(new Gone("QEMU ended"));
    unless.catch(() => {});
    const wait = waitUntil("the agent", () => false, { ...never, unless });
    await expect(wait).rejects.toThrow("QEMU ended");
  });
});
