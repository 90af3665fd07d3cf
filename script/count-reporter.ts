/** A reporter for vitest that leaves the counts of a run where the environment's COUNTS says. */
import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

export interface Counts {
  passed: number;
  failed: number;
  skipped: { name: string; reason: string }[];
}

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const counts: Counts = { passed: 0, failed: unhandled.length, skipped: [] };
    for (const module of modules) {
      // A file that did not load, or a hook that failed, has no failed test to show for it.
      const broken = [module, ...module.children.allSuites()].filter((each) => each.errors().length > 0);
      counts.failed += broken.length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === "passed") counts.passed++;
        else if (result.state === "failed") counts.failed++;
        else
          counts.skipped.push({
            name: test.fullName,
            reason:
              ("note" in result && result.note) || (broken.length > 0 ? "a hook failed" : "no reason given"),
          });
      }
    }
    if (process.env.COUNTS) writeFileSync(process.env.COUNTS, JSON.stringify(counts));
  }
}
