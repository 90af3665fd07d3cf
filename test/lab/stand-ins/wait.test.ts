import { describe, expect, test } from "vitest";
import { Gone, waitUntil } from "../../../lab/wait.ts";

const soon = { timeoutMs: 200, everyMs: 5 };

describe("a wait", () => {
  test("returns the first answer, and takes an error for none yet", async () => {
    let probes = 0;
    const probe = () => {
      probes += 1;
      if (probes === 1) throw new Error("restarting");
      return probes === 3 ? "up" : undefined;
    };
    expect(await waitUntil("a guest", probe, soon)).toBe("up");
  });

  test("that ends says what for, the last error and the evidence", async () => {
    const probe = () => Promise.reject(new Error("connection refused"));
    const wait = waitUntil("the agent", probe, { ...soon, evidence: () => "end of the console" });
    await expect(wait).rejects.toThrow("the agent: not within 0.2 s\nconnection refused\nend of the console");
  });

  test("does not outlast what it waits for", async () => {
    const unless = Promise.reject(new Gone("QEMU ended"));
    unless.catch(() => {});
    const started = performance.now();
    const wait = waitUntil("the agent", () => false, { timeoutMs: 60_000, everyMs: 5, unless });
    await expect(wait).rejects.toThrow("QEMU ended");
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
