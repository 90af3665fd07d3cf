import { expect, test } from "vitest";
import { withQuotaTable } from "../../../script/pages/quotas.ts";
import { read } from "../../shared/files.ts";

test("docs/scale.md has the quotas, and what the program wants of them, as they are (npm run docs)", async () => {
  const page = read("docs/scale.md");
  expect(page).toBe(await withQuotaTable(page));
});

test("a page without its marks is none to write into", async () => {
  await expect(withQuotaTable("# Scale\n")).rejects.toThrow('has lost its marks of "quotas"');
});
