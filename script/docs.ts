/**
 * npm run docs: writes what is made from settings/, plan/, traps/, policy/ and the program itself: docs/settings.md,
 * docs/tunings.md, docs/traps.md, docs/policies.md's and docs/scale.md's tables, README.md's tables, session and costs,
 * Pulumi.yaml's config block. What the tests demand of an update they write themselves: docs/changes.md, docs/upgrade.md.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { pulumiConfigBlock } from "../settings/declarations.ts";
import { withCosts } from "./pages/costs.ts";
import { policiesPage } from "./pages/policies.ts";
import { withQuotaTable } from "./pages/quotas.ts";
import { withSession } from "./pages/session.ts";
import { settingsPage, withKeyTables } from "./pages/settings.ts";
import { trapsPage } from "./pages/traps.ts";
import { tuningsPage } from "./pages/tunings.ts";

async function rewrite(path: string, change: (text: string) => string | Promise<string>): Promise<void> {
  const file = join(import.meta.dirname, "..", path);
  writeFileSync(file, await change(readFileSync(file, "utf8")));
}

await rewrite("docs/settings.md", settingsPage);
await rewrite("docs/tunings.md", tuningsPage);
await rewrite("docs/traps.md", trapsPage);
await rewrite("docs/policies.md", policiesPage);
await rewrite("docs/scale.md", withQuotaTable);
await rewrite("README.md", withKeyTables);
await rewrite("README.md", withSession);
await rewrite("README.md", withCosts);
await rewrite("Pulumi.yaml", (text) => {
  const project = parseDocument(text);
  for (const [key, declared] of Object.entries(pulumiConfigBlock())) {
    // Member by member, so that what a person wrote beside it stays.
    for (const [name, value] of Object.entries(declared)) project.setIn(["config", key, name], value);
  }
  return project.toString({ lineWidth: 116 });
});
