import { join } from "node:path";
import { defineConfig } from "vitest/config";

/**
 * What every suite has. How long a test or a hook may take: no limit but a backstop. Whoever waits for a machine has a
 * limit of his own, in time that the machine could use (lab/host/clock.ts), and says what it waited for; this one knows
 * the clock only. The longest test without a machine, seconds of a core, took 215 s by the clock on two cores with a load
 * of 16.
 */
const EVERY_SUITE = {
  testTimeout: 3_600_000,
  hookTimeout: 3_600_000,
  // A failure's line shows the values that differ: 40 characters, Chai's default, show two members of an object.
  chaiConfig: { truncateThreshold: 400 },
};

/** Files that share a lab run one after the other in one process, in any order: the first that asks starts it. */
const ONE_LAB = {
  fileParallelism: false,
  maxWorkers: 1,
  isolate: false,
  ...EVERY_SUITE,
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
 * The suites. `unit` needs Node only; `scripts` holds what its first run installs from PyPI against ours: ShellCheck, AWS's
 * service models and its authorization reference. The others run inside `lab/enter.ts`, from the lab's images, and differ
 * by what their tests need:
 *
 *   stand-ins    nothing: they are about what the lab puts in AWS's place
 *   namespaces   network namespaces in place of machines
 *   server       one server and its client, each a guest
 *   vpc          a whole fleet in one guest, whose machines stay as they are
 *   change       the same, whose machines come, go, reboot and are replaced
 *   first-boot   a server from a disk like the AMI's: boot loader, Debian's two kernels, its own packages
 *   emulated     whole machines of their own: a gateway from such a disk, a card with queues, Debian's kernel as it is
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/lab/*/**"],
          setupFiles: ["test/begin.ts"],
          // The provider's SDK is a second of a core to import: once a worker, not once a file.
          isolate: false,
          env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "out/compile-cache") },
          ...EVERY_SUITE,
          // Vitest leaves one core to itself: half of the least machine that runs this.
          maxWorkers: "100%",
        },
      },
      {
        test: {
          name: "scripts",
          include: ["test/scripts/**/*.lint.ts"],
          ...EVERY_SUITE,
        },
      },
      ...["stand-ins", "namespaces", "server", "vpc", "change", "first-boot", "emulated"].map(lab),
    ],
  },
});
