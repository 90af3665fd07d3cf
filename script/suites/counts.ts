/** What a run of tests came to. */
export interface Counts {
  passed: number;
  failed: Told[];
  skipped: Told[];
  /** What was run a second time, and why. */
  again: string[];
}

/** A test, and why it failed or did not run. */
export interface Told {
  name: string;
  reason: string;
}

export const none = (): Counts => ({ passed: 0, failed: [], skipped: [], again: [] });

export function sum(all: Counts[]): Counts {
  return {
    passed: all.reduce((total, { passed }) => total + passed, 0),
    failed: all.flatMap(({ failed }) => failed),
    skipped: all.flatMap(({ skipped }) => skipped),
    again: all.flatMap(({ again }) => again),
  };
}
