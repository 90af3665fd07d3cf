/** The part of a page that is generated: what stands between two marks, which a person leaves where they are. */

/**
 * @param name of the marks: `<!-- quotas: written by npm run docs -->` and `<!-- quotas: end -->`.
 * @param by What writes it, as the first mark says.
 * @returns the page with `content` between its marks.
 * @throws Error for a page without them.
 */
export function withMarked(page: string, name: string, content: string, by = "npm run docs"): string {
  const [begin, end] = [`<!-- ${name}: written by ${by} -->`, `<!-- ${name}: end -->`];
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`the page has lost its marks of "${name}"`);
  return `${page.slice(0, before)}${begin}\n\n${content}\n\n${page.slice(after)}`;
}

/** A table of Markdown. A `|` in a cell is escaped. */
export function markdownTable(head: string[], rows: string[][]): string {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
}

/** A value and what it counts: `20` s. */
export function withUnit(value: string, unit?: string): string {
  return unit === undefined ? value : `${value} ${unit}`;
}

export function code(word: string): string {
  return `\`${word}\``;
}
