import { defineConfig } from "vitest/config";

/** Two suites: `unit` needs Node only and runs first; `lab` needs the images and runs inside `script/lab-enter`. */
export default defineConfig({
  test: {
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
