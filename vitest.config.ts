import { basename } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** While the server does its first boot, what needs none of it has the other core. */
const BEFORE_THE_SERVER = ["nic.test.ts", "cloud.test.ts", "enter.test.ts"];

class ServerLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => BEFORE_THE_SERVER.indexOf(basename(moduleId)) >>> 0;
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

/** Two suites: `unit` needs Node only and runs first; `lab` needs the images and runs inside `script/lab-enter`. */
export default defineConfig({
  test: {
    sequence: { sequencer: ServerLast },
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/lab/guest/**"],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "lab",
          include: ["test/lab/guest/**/*.test.ts"],
          setupFiles: ["test/lab/guest/begin.ts"],
          // One boot serves every test: the files run one after the other in one process.
          fileParallelism: false,
          maxWorkers: 1,
          isolate: false,
          testTimeout: 300_000,
          hookTimeout: 1_500_000,
        },
      },
    ],
  },
});
