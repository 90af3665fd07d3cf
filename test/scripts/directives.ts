/** ShellCheck's directives: they stand in the templates, and a machine gets none of them. */

const DIRECTIVE = /^\s*# shellcheck /;

/** A rendered file with its template's directives, each before the line that it stands before in the template. */
export function withDirectives(rendered: string, template: string): string {
  const lines = rendered.split("\n");
  const source = template.split("\n");
  for (const [i, directive] of source.entries()) {
    if (!DIRECTIVE.test(directive)) continue;
    const next = source.slice(i).find((line) => !/^\s*#/.test(line))!;
    const at = lines.indexOf(next);
    if (at === -1 || at !== lines.lastIndexOf(next))
      throw new Error(`where does "${directive.trim()}" belong? "${next}" is not rendered once`);
    lines.splice(at, 0, directive);
  }
  return lines.join("\n");
}

/** A script without what keeps findings quiet. */
export function withoutDisabling(text: string): string {
  return text.replace(/^\s*# shellcheck disable=.*\n/gm, "");
}

/** The codes that a script keeps quiet, each once, sorted. */
export function disabled(text: string): string[] {
  const lists = [...text.matchAll(/^\s*# shellcheck disable=(\S+)/gm)].map(([, list]) => list!);
  return [...new Set(lists.flatMap((list) => list.split(",")))].sort();
}

/** Directives without a reason behind them. */
export function unexplained(text: string): string[] {
  return text.match(/^\s*# shellcheck disable=\S+\s*$/gm) ?? [];
}
