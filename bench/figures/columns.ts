/** A table in Markdown. */

/** Rows of cells, the first of them the head, with columns that stand in line in plain text too. */
export function columns(all: string[][]): string {
  const [head, ...body] = all as [string[], ...string[][]];
  const widths = head.map((_, column) => Math.max(3, ...all.map((cells) => cells[column]!.length)));
  const line = (cells: string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [line(head), rule, ...body.map(line)].join("\n");
}
