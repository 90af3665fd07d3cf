/** Headings of a Markdown page, and the anchors under which GitHub links to them. */

export interface Heading {
  /** 1 for `#`. */
  level: number;
  /** As it stands, without the `#`s. */
  text: string;
  anchor: string;
}

/** Headings in order; what stands in a fenced or indented block is none. A second one of the same words ends in `-1`. */
export function headings(page: string): Heading[] {
  const seen = new Map<string, number>();
  return [...withoutBlocks(page).matchAll(/^(#{1,6}) (.+)$/gm)].map(([, marks, text]) => {
    const base = anchorOf(text!);
    const times = seen.get(base) ?? 0;
    seen.set(base, times + 1);
    return { level: marks!.length, text: text!, anchor: times === 0 ? base : `${base}-${times}` };
  });
}

/**
 * A heading's anchor: lower case, without what is no letter, digit, space, hyphen or underscore; spaces are hyphens. Of a
 * link its text counts, and marks of code and emphasis do not.
 */
export function anchorOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .trim()
    .replace(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-");
}

/** The page without fenced blocks. */
export function withoutBlocks(page: string): string {
  return page.replace(/^```.*?^```$/gms, "");
}
