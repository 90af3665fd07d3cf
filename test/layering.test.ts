/** The direction that the design draws, held by the imports. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");

/** Which folders each folder may import from, besides itself. */
const MAY: Record<string, string[]> = {
  protocols: ["traps"],
  traps: [],
  settings: ["protocols", "traps"],
  plan: ["protocols", "settings", "traps"],
  templates: ["plan", "protocols", "settings", "traps"],
  render: ["templates", "plan", "settings", "traps"],
  components: ["render", "plan", "protocols", "settings", "traps"],
  probe: ["plan", "protocols", "settings", "traps"],
};

/** Folders that a folder's files import, and packages. */
function imports(folder: string): { folders: Set<string>; packages: Set<string> } {
  const found = { folders: new Set<string>(), packages: new Set<string>() };
  for (const file of globSync(`${folder}/**/*.ts`, { cwd: ROOT })) {
    for (const [, from] of readFileSync(join(ROOT, file), "utf8").matchAll(/from "([^"]+)"/g)) {
      if (from!.startsWith("."))
        found.folders.add(relative(ROOT, join(ROOT, dirname(file), from!)).split("/")[0]!);
      else found.packages.add(from!);
    }
  }
  return found;
}

describe.each(Object.entries(MAY))("%s", (folder, may) => {
  test("imports from what comes before it only", () => {
    const others = [...imports(folder).folders].filter((each) => each !== folder);
    expect(others.filter((each) => !may.includes(each))).toEqual([]);
  });

  test("knows Pulumi only where it is the last arrow", () => {
    const pulumi = [...imports(folder).packages].filter((each) => each.startsWith("@pulumi/"));
    expect(pulumi.length > 0).toBe(folder === "components");
  });
});
