/** No test ends by the clock: a busy machine would fail sound code (vitest.config.ts has the backstop, and says why). */
import { expect, test } from "vitest";
import { projectFiles, read } from "./shared/files.ts";

/** As the last argument of a test or hook that spans lines, or as an option. */
const OWN_LIMIT = /^\s*\}, [\dA-Z][\dA-Z_ *]*\);$|\b(testTimeout|hookTimeout)\b|\bvi\.setConfig\(/m;

test("a limit of one's own is found", () => {
  for (const limit of ["60_000", "6 * 900_000", "LIMIT_MS", "2 * LIMIT_MS"])
    expect(`test("x", async () => {\n}, ${limit});\n`).toMatch(OWN_LIMIT);
  expect('test("x", async () => {\n});\n').not.toMatch(OWN_LIMIT);
});

test("no test and no hook has one", () => {
  const files = projectFiles("test").filter(
    (each) => /\.(test|lint)\.ts$/.test(each) && each !== "test/limits.test.ts",
  );
  expect(files.length).toBeGreaterThan(100);
  const limited = files.filter((file) => OWN_LIMIT.test(read(file)));
  expect(limited).toEqual([]);
});
