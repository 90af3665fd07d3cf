/**
 * npm run docs: writes what is made from settings/, plan/, traps/ and policy/: docs/tunings.md, docs/traps.md, docs/policies.md's,
 * docs/scale.md's and README.md's tables, Pulumi.yaml's config block.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { keyTable, pulumiConfigBlock } from "../settings/declarations.ts";
import { policiesPage } from "./policies-page.ts";
import { withQuotaTable } from "./quotas-page.ts";
import { trapsPage } from "./traps-page.ts";
import { tuningsPage } from "./tunings-page.ts";

async function rewrite(path: string, change: (text: string) => string | Promise<string>): Promise<void> {
  const file = join(import.meta.dirname, "..", path);
  writeFileSync(file, await change(readFileSync(file, "utf8")));
}

await rewrite("docs/tunings.md", tuningsPage);
await rewrite("docs/traps.md", trapsPage);
await rewrite("docs/policies.md", policiesPage);
await rewrite("docs/scale.md", withQuotaTable);
await rewrite("README.md", (text) => text.replace(/\| key \| default \|.*?\n(?=\n)/s, () => keyTable()));
await rewrite("Pulumi.yaml", (text) => {
  const project = parseDocument(text);
  for (const [key, declared] of Object.entries(pulumiConfigBlock())) {
    // Member by member, so that what a person wrote beside it stays.
    for (const [name, value] of Object.entries(declared)) project.setIn(["config", key, name], value);
  }
  return project.toString({ lineWidth: 116 });
});
