import { defineConfig } from "vitest/config";

/**
 * How long a test or a hook may take: no limit but a backstop. Whoever waits for a machine has a limit of his own, in
 * time that the machine could use (lab/clock.ts), and says what it waited for; this one knows the clock only.
 */
const BACKSTOP_MS = 3_600_000;

/** Files that share a lab run one after the other in one process, in any order: the first that asks starts it. */
const ONE_LAB = {
  fileParallelism: false,
  maxWorkers: 1,
  isolate: false,
  testTimeout: BACKSTOP_MS,
  hookTimeout: BACKSTOP_MS,
};

const lab = (name: string) => ({
  test: {
    name,
    include: [`test/lab/${name}/**/*.test.ts`],
    setupFiles: ["test/lab/crashes.ts"],
    ...ONE_LAB,
  },
});

/**
 * The suites. `unit` needs Node only; `scripts` is ShellCheck, which is installed by its first run. The others run inside
 * `lab/enter.ts`, from the lab's images, and differ by what their tests need:
 *
 *   stand-ins    nothing: they are about what the lab puts in AWS's place
 *   namespaces   network namespaces in place of machines
 *   server       one server and its client, each a guest
 *   vpc          a whole fleet in one guest
 *   emulated     whole machines: boot loader, Debian's own kernels, a card with queues
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/lab/*/**"],
          testTimeout: 30_000,
          // Vitest leaves one core to itself: half of the least machine that runs this.
          maxWorkers: "100%",
        },
      },
      {
        test: {
          name: "scripts",
          include: ["test/scripts/**/*.lint.ts"],
          // With the installation.
          testTimeout: 900_000,
          hookTimeout: 900_000,
        },
      },
      ...["stand-ins", "namespaces", "server", "vpc", "emulated"].map(lab),
    ],
  },
});
