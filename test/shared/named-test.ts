/** Tests that texts name as the ones that fail without what they speak of. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT, read } from "./files.ts";

/**
 * Why a text does not name a test; nothing where it does.
 *
 * @param named a file under test/ and a title in it: `lab/server/path/mtu.test.ts: a title`.
 */
export function notThere(named: string): string | undefined {
  const [file, ...title] = named.split(": ");
  if (!existsSync(join(ROOT, "test", file!))) return `no file test/${file}`;
  const words = title.join(": ").trim();
  if (words === "") return "no title";
  // A title is written with quotes escaped.
  const source = read(join("test", file!)).replaceAll("\\", "");
  return source.includes(words) ? undefined : `test/${file} has no “${words}”`;
}
