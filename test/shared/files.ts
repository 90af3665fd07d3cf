/** The project's own files: what is in the checkout and neither installed nor made there. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");
export const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

const OTHERS = new Set([".git", "node_modules", "out"]);

/** Paths from the root, sorted. */
export function projectFiles(folder = ""): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !OTHERS.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? projectFiles(path) : entry.isFile() ? [path] : [];
    })
    .sort();
}
