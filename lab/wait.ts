/** Waits for states, each with an end. */

import { setTimeout as sleep } from "node:timers/promises";

export interface WaitOptions {
  timeoutMs: number;
  /** Between two probes. @default 500 ms */
  everyMs?: number;
  /** What helps to see why it did not come: added to the error. */
  evidence?: () => string | Promise<string>;
  /** Rejects when waiting has become pointless, such as for a guest that has gone. */
  unless?: Promise<never>;
}

/**
 * Probes until there is an answer other than `undefined` or `false`. A probe that throws has no answer yet: a
 * guest that restarts, a service that is not there.
 *
 * @returns the answer.
 * @throws Error with what was waited for, the probe's last error and the evidence.
 */
export async function waitUntil<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  { timeoutMs, everyMs = 500, evidence, unless }: WaitOptions,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  // First in each race: a probe that answers at once would always be before it.
  const pointless = unless ? [unless] : [];
  let last = "";
  for (;;) {
    try {
      const answer = await Promise.race([...pointless, probe()]);
      if (answer !== undefined && answer !== false) return answer;
      last = "";
    } catch (error) {
      if (error instanceof Gone) throw error;
      last = (error as Error).message;
    }
    if (performance.now() > end) {
      const seen = evidence ? await Promise.resolve(evidence()).catch((error: Error) => error.message) : "";
      throw new Error([`${what}: not within ${timeoutMs / 1000} s`, last, seen].filter(Boolean).join("\n"));
    }
    await Promise.race([...pointless, sleep(everyMs)]);
  }
}

/** What is waited for cannot come any more. */
export class Gone extends Error {}
