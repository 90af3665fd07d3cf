/** What a run of tests came to. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: { name: string; reason: string }[];
  /** What was run a second time, and why. */
  again: string[];
}

export const none = (): Counts => ({ passed: 0, failed: 0, skipped: [], again: [] });

export function sum(all: Counts[]): Counts {
  return {
    passed: all.reduce((total, { passed }) => total + passed, 0),
    failed: all.reduce((total, { failed }) => total + failed, 0),
    skipped: all.flatMap(({ skipped }) => skipped),
    again: all.flatMap(({ again }) => again),
  };
}
