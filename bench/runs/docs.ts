/** docs/bench.md: a section for each bench, which rewrites its own and leaves the others. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PAGE = join(import.meta.dirname, "../../docs/bench.md");

const opening = (bench: string): string =>
  `<!-- Made by \`npm run bench -- ${bench} --write-docs\`. Not edited by hand. -->\n`;

/** @param section Ends with a newline. */
export function writeSection(bench: string, section: string): void {
  const page = existsSync(PAGE) ? readFileSync(PAGE, "utf8") : "";
  writeFileSync(PAGE, withSection(page, bench, section));
}

/** The page with the section in the place of the one before, or at its end. */
export function withSection(page: string, bench: string, section: string): string {
  const before = page.split(/^(?=<!-- Made by `npm run bench -- )/m);
  const ours = `${opening(bench)}${section}`;
  const kept = before.filter((each) => each.trim() !== "").map((each) => `${each.trimEnd()}\n`);
  const place = kept.findIndex((each) => each.startsWith(opening(bench)));
  const all = place < 0 ? [...kept, ours] : kept.toSpliced(place, 1, ours);
  return all.join("\n");
}
