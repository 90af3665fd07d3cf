/** How suites are run and counted: `node -e` in vitest's place, with counts and crashes as its reporter leaves them. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ROOT, run, type Suite } from "../../../script/suites/suites.ts";

const CRASH = "a-1: the kernel crashed";
const BADLY = [{ name: "sample", reason: "it ended badly" }];
const FAILED = { name: "a test", reason: "expected 1 to be 2" };
/** Files of tests, which none of this reads. */
const [ONE, OTHER] = ["one", "other"].map((name) => join(ROOT, `test/lab/vpc/${name}.test.ts`)) as [
  string,
  string,
];

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "suites-"));
  vi.spyOn(console, "log").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true });
  for (const end of ["json", "crashes"]) rmSync(join(ROOT, `out/test/sample.${end}`), { force: true });
});

interface Round {
  /** By file: how many tests failed; of each file one more passed. None: the suite dies before it counts. */
  failed?: Record<string, number>;
  /** Files that a crash has reached. */
  crashed?: string[];
  code?: number;
}

/** A suite that goes as the rounds say, one after the other. @returns it, and which files each run was of. */
function suite(...rounds: Round[]): { suite: Suite; asked: string[][] } {
  const asked: string[][] = [];
  const command = (files: string[]) => {
    const { failed, crashed = [], code } = rounds[asked.push(files) - 1]!;
    const counts = Object.entries(failed ?? {}).map(([file, failed]) => [
      file,
      { passed: 1, failed: Array(failed).fill(FAILED), skipped: [], again: [] },
    ]);
    const crashes = crashed.map((file) => `${JSON.stringify({ file, crash: `${CRASH}\nOops` })}\n`).join("");
    const bad = code ?? (Object.values(failed ?? { "": 1 }).some((count) => count > 0) ? 1 : 0);
    return [
      "-e",
      `const { writeFileSync } = require("node:fs");
${failed === undefined ? "" : `writeFileSync(process.env.COUNTS, ${JSON.stringify(JSON.stringify(Object.fromEntries(counts)))});`}
writeFileSync(process.env.CRASHES, ${JSON.stringify(crashes)});
process.exitCode = ${bad};`,
    ];
  };
  return { asked, suite: { name: "sample", counted: true, files: [], command } };
}

describe("a file that failed after a guest had crashed", () => {
  test("is run again by itself, and counts as it then ends; the run says so", async () => {
    const { suite: sample, asked } = suite(
      { failed: { [ONE]: 2, [OTHER]: 0 }, crashed: [ONE] },
      { failed: { [ONE]: 0 } },
    );
    expect(await run(sample, false)).toEqual({
      ...{ passed: 2, failed: [], skipped: [] },
      again: [`test/lab/vpc/one.test.ts, as a guest had crashed: ${CRASH}`],
    });
    expect(asked).toEqual([[], [ONE]]);
  });

  test("is run again once: a second crash is a failure", async () => {
    const crashing: Round = { failed: { [ONE]: 1 }, crashed: [ONE] };
    const { suite: sample, asked } = suite(crashing, crashing);
    expect(await run(sample, false)).toMatchObject({ failed: [FAILED], again: [expect.any(String)] });
    expect(asked).toHaveLength(2);
  });
});

describe("is not run again", () => {
  test.each<[string, Round]>([
    ["a file that failed without a crash", { failed: { [ONE]: 1 } }],
    [
      "a file that failed without one, where another's guest had crashed",
      { failed: { [ONE]: 1, [OTHER]: 1 }, crashed: [OTHER] },
    ],
  ])("%s", async (_, round) => {
    const { suite: sample, asked } = suite(round);
    expect(await run(sample, false)).toMatchObject({
      failed: Object.values(round.failed!).map(() => FAILED),
      again: [],
    });
    expect(asked).toHaveLength(1);
  });

  test("one that a crash has reached and that passed", async () => {
    const { suite: sample, asked } = suite({ failed: { [ONE]: 0 }, crashed: [ONE] });
    expect(await run(sample, false)).toMatchObject({ passed: 1, failed: [], again: [] });
    expect(asked).toHaveLength(1);
  });
});

describe("a suite has failed", () => {
  test("that died before it could count", async () =>
    expect(await run(suite({}).suite, false)).toMatchObject({ passed: 0, failed: BADLY }));

  test("that counts no failure and ends badly", async () =>
    expect(await run(suite({ failed: { [ONE]: 0 }, code: 1 }).suite, false)).toMatchObject({
      passed: 1,
      failed: BADLY,
    }));

  test("that is a program which fails; and has passed where it does not", async () => {
    const program = (code: number) => ({ ...suite({ code }).suite, counted: false });
    expect(await run(program(3), false)).toMatchObject({ passed: 0, failed: BADLY });
    expect(await run(program(0), false)).toMatchObject({ passed: 1, failed: [] });
  });
});

test("counts of an earlier run are none of this one's", async () => {
  await run(suite({ failed: { [ONE]: 0 } }).suite, false);
  expect(readFileSync(join(ROOT, "out/test/sample.json"), "utf8")).toContain("one.test.ts");
  expect(await run(suite({}).suite, false)).toMatchObject({ passed: 0, failed: BADLY });
});
