/** The Markdown pages of the repository. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");

const LEFT_OUT = new Set(["node_modules", "out"]);

/** Paths from the root, of every page that a person reads. */
export function pages(folder = ROOT): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory())
        return LEFT_OUT.has(entry.name) || entry.name.startsWith(".")
          ? []
          : pages(path).map((page) => join(ROOT, page));
      return entry.name.endsWith(".md") ? [path] : [];
    })
    .map((path) => relative(ROOT, path))
    .sort();
}

export function page(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}
