import { basename, join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** While the server does its first boot, what needs none of it has the other core. */
const BEFORE_THE_SERVER = [
  "gateway-boot.test.ts",
  "gateway.test.ts",
  "gateway-tcp.test.ts",
  "gateway-closed.test.ts",
  "gateway-files.test.ts",
  "nic.test.ts",
  "probe-aws.test.ts",
  "cloud.test.ts",
  "enter.test.ts",
];

/** Ends with a server that is lost. */
const LAST = ["lost.test.ts"];

class ServerLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const name = basename(moduleId);
      if (LAST.includes(name)) return BEFORE_THE_SERVER.length + 1;
      const first = BEFORE_THE_SERVER.indexOf(name);
      return first === -1 ? BEFORE_THE_SERVER.length : first;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

/**
 * Three suites: `unit` needs Node only and runs first; `lab` and `vpc` need the images and run inside `lab/enter.ts`: the
 * one boots servers as EC2 would, the other a whole fleet in one guest.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: ServerLast },
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/lab/guest/**", "test/lab/vpc/**"],
          setupFiles: ["test/begin.ts"],
          // The provider's SDK is a second of a core to import: once a worker, not once a file.
          isolate: false,
          env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "out/compile-cache") },
          // A backstop for what never ends: the longest test, seconds of a core, took 215 s by the clock on two cores with
          // a load of 16.
          testTimeout: 3_600_000,
          hookTimeout: 3_600_000,
          // Vitest leaves one core to itself: half of the least machine that runs this.
          maxWorkers: "100%",
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
      {
        test: {
          name: "vpc",
          include: ["test/lab/vpc/**/*.test.ts"],
          // One fleet serves every test, as above.
          fileParallelism: false,
          maxWorkers: 1,
          isolate: false,
          testTimeout: 600_000,
          hookTimeout: 1_800_000,
        },
      },
    ],
  },
});
