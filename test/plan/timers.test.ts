import { describe, expect, test } from "vitest";
import { type Timer, timers } from "../../plan/timers.ts";

/** Whether each timer of a chain ends before the next. */
function rises(chain: Timer[]): boolean {
  return chain.every((timer, i) => i === 0 || timer.seconds > chain[i - 1]!.seconds);
}

describe("timers", () => {
  test("of GRE end one after the other, LCP echo first", () => {
    const { greChain, lcpEchoInterval } = timers();
    expect(greChain[0]?.seconds).toBe(lcpEchoInterval);
    expect(rises(greChain)).toBe(true);
  });

  test("of TCP 1723 end one after the other, PPTP's echo first", () => {
    const { controlChain } = timers();
    expect(controlChain[0]).toMatchObject({ name: "PPTP echo", seconds: 60 });
    expect(rises(controlChain)).toBe(true);
  });

  test("free a vanished client's slot sooner than the 128 s without LCP echo", () => {
    expect(timers().vanishedClient).toBeLessThan(128);
  });

  test("a chain in which two end together does not rise", () => {
    const timer = { name: "", source: "" };
    expect(
      rises([
        { ...timer, seconds: 60 },
        { ...timer, seconds: 60 },
      ]),
    ).toBe(false);
  });
});
