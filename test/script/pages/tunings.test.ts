import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tunings } from "../../../plan/tunings/tunings.ts";
import { tuningsPage } from "../../../script/pages/tunings.ts";
import { notThere } from "../../shared/named-test.ts";

const ROOT = join(import.meta.dirname, "../../..");

test("docs/tunings.md is what npm run docs writes", () => {
  expect(readFileSync(join(ROOT, "docs/tunings.md"), "utf8")).toBe(tuningsPage());
});

test.each([...tunings])("%s names a test that exists", (_, { test }) => {
  expect(notThere(test)).toBeUndefined();
});
