/** Links that the pages under docs/ have in common. */
import type { TrapSlug } from "../../traps/traps.ts";

/** A link to a test's file, with the words by which it is found there. @param test `lab/server/path/mtu.test.ts: a title` */
export function testLink(test: string): string {
  const [file, ...title] = test.split(": ");
  return `[${title.join(": ")}](../test/${file})`;
}

/** Links to records of docs/traps.md, whose headings are their slugs. */
export function trapLinks(slugs: readonly TrapSlug[] = []): string[] {
  return slugs.map((slug) => `[${slug}](traps.md#${slug})`);
}
