/** The comment above a setting: why, its own default and what ours costs, as docs/tunings.md says it. */
import { tunings } from "../plan/tunings/tunings.ts";

const WIDTH = 118;

/** What has been said, by indent and name: every machine's files say the same. */
const said = new Map<string, string>();

/**
 * Comment lines for a tuning.
 *
 * @param indent what stands before each line's `#`.
 * @throws Error for a name that no tuning has.
 */
export function why(name: string, indent = ""): string {
  const key = `${indent}${name}`;
  const known = said.get(key);
  if (known !== undefined) return known;
  const tuning = tunings.get(name);
  if (!tuning) throw new Error(`no tuning is called ${name}`);
  const { why, own, costs } = tuning;
  const text = comment(`${why} Default: ${own}. Costs: ${costs}.`, indent);
  said.set(key, text);
  return text;
}

function comment(text: string, indent: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (indent.length + 1 + longer.length > WIDTH) lines.push(` ${word}`);
    else lines[lines.length - 1] = longer;
  }
  return lines.map((line) => `${indent}#${line}`).join("\n");
}
