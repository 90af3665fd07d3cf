/** Waits for states, each with an end. */

import { setTimeout as sleep } from "node:timers/promises";
import { now } from "./clock.ts";

export interface WaitOptions {
  /** Of time as the lab's machines could use it (clock.ts), since the last step. */
  timeoutMs: number;
  /** Between two probes. @default 500 ms */
  everyMs?: number;
  /**
   * So many times as long as an answer took, at least, lie between it and the next probe: of what a probe costs its own
   * machine. After one that has no answer, which cost it nothing, there is no rest.
   * @default 0
   */
  rest?: number;
  /** What helps to see why it did not come: added to the error. */
  evidence?: () => string | Promise<string>;
  /** Rejects when waiting has become pointless, such as for a guest that has gone. */
  unless?: Promise<never>;
}

/**
 * Probes until there is an answer other than `undefined` or `false`. A probe that throws has no answer yet: a
 * guest that restarts, a service that is not there. A probe that knows what is being done says so with `step`: whenever
 * that is another thing than before, the limit begins anew.
 *
 * @returns the answer.
 * @throws Error with what was waited for, the probe's last error and the evidence.
 */
export async function waitUntil<T>(
  what: string,
  probe: (step: (doing: string) => void) => Promise<T | undefined | false> | T | undefined | false,
  { timeoutMs, everyMs = 500, rest = 0, evidence, unless }: WaitOptions,
): Promise<T> {
  let begun = now();
  let doing = "";
  const step = (what: string) => {
    if (what !== doing) begun = now();
    doing = what;
  };
  // First in each race: a probe that answers at once would always be before it.
  const pointless = unless ? [unless] : [];
  let last = "";
  for (;;) {
    const asked = performance.now();
    let pause = everyMs;
    try {
      const answer = await Promise.race([...pointless, probe(step)]);
      if (answer !== undefined && answer !== false) return answer;
      last = "";
      pause = Math.max(everyMs, rest * (performance.now() - asked));
    } catch (error) {
      if (error instanceof Gone) throw error;
      last = (error as Error).message;
    }
    if (now() - begun > timeoutMs) {
      const seen = evidence ? await Promise.resolve(evidence()).catch((error: Error) => error.message) : "";
      const since = doing === "" ? "" : ` since "${doing}"`;
      throw new Error(
        [`${what}: not within ${timeoutMs / 1000} s${since}`, last, seen].filter(Boolean).join("\n"),
      );
    }
    await Promise.race([...pointless, sleep(pause)]);
  }
}

/** What is waited for cannot come any more. */
export class Gone extends Error {}
