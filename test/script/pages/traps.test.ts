import { expect, test } from "vitest";
import { trapsPage } from "../../../script/pages/traps.ts";
import { traps } from "../../../traps/traps.ts";
import { read } from "../../shared/files.ts";

test("docs/traps.md is what npm run docs writes", () => {
  expect(read("docs/traps.md")).toBe(trapsPage());
});

test("each record has the heading that links to it lead to, and is in the index once", () => {
  for (const slug of Object.keys(traps)) {
    expect(trapsPage().split(`\n### ${slug}\n`)).toHaveLength(2);
    expect(trapsPage().split(`[${slug}](#${slug})`)).toHaveLength(2);
  }
});
