/** A reporter for vitest that leaves the counts of a run, file by file, where the environment's COUNTS says. */
import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";
import { type Counts, none } from "./counts.ts";

/** By a file's absolute path; what went wrong outside of all files under "". */
export type FileCounts = Record<string, Counts>;

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const counts: FileCounts = {
      "": {
        ...none(),
        failed: unhandled.map((error) => ({ name: "outside of all files", reason: first([error]) })),
      },
    };
    for (const module of modules) counts[module.moduleId] = countsOf(module);
    if (process.env.COUNTS) writeFileSync(process.env.COUNTS, JSON.stringify(counts));
  }
}

function countsOf(module: TestModule): Counts {
  const { relativeModuleId: file } = module;
  // A file that did not load, or a hook that failed, has no failed test to show for it.
  const broken = [module, ...module.children.allSuites()].filter((each) => each.errors().length > 0);
  const counts: Counts = {
    ...none(),
    failed: broken.map((each) => ({ name: file, reason: first(each.errors()) })),
  };
  for (const test of module.children.allTests()) {
    const result = test.result();
    if (result.state === "passed") counts.passed++;
    else if (result.state === "failed")
      counts.failed.push({ name: `${file} > ${test.fullName}`, reason: first(result.errors) });
    else
      counts.skipped.push({
        name: test.fullName,
        reason:
          ("note" in result && result.note) || (broken.length > 0 ? "a hook failed" : "no reason given"),
      });
  }
  return counts;
}

/** The first line of what was thrown first. */
function first([error]: readonly unknown[]): string {
  const { message = String(error) } = Object(error);
  return message.split("\n")[0];
}
