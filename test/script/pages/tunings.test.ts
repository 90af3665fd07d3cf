import { expect, test } from "vitest";
import { tunings } from "../../../plan/tunings/tunings.ts";
import { tuningsPage } from "../../../script/pages/tunings.ts";
import { read } from "../../shared/files.ts";
import { notThere } from "../../shared/named-test.ts";

test("docs/tunings.md is what npm run docs writes", () => {
  expect(read("docs/tunings.md")).toBe(tuningsPage());
});

test.each([...tunings])("%s names a test that exists", (_, { test }) => {
  expect(notThere(test)).toBeUndefined();
});
