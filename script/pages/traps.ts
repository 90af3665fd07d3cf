/** docs/traps.md, from traps/: a heading a record, which is its slug, so that a link to it is what a comment cites. */

import type { Topic, Trap } from "../../traps/trap.ts";
import { topics } from "../../traps/traps.ts";
import { testLink } from "./links.ts";

export function trapsPage(): string {
  return `${[
    `# Traps

Written by \`npm run docs\` from traps/; CI fails when it is stale.

What Linux, PPTP's daemons, AWS and the tools around them do against expectation, and what follows from it here. A
recipe that contradicts one of these is wrong for us, wherever it was published. Each was seen in a virtual machine or
in the lab with the versions that it names, or is from the pages, models and sources that it names. **Nothing of it has
been seen on AWS itself.**

Some are about what is not built here (PPTP's data in the kernel, RADIUS, other protocols): what trials have shown, for
whoever builds it, and no promise that somebody does.`,
    Object.entries(topics)
      .map(([title, topic]) => index(title, topic))
      .join("\n"),
    ...Object.entries(topics).map(([title, topic]) => section(title, topic)),
  ].join("\n\n")}\n`;
}

function index(title: string, topic: Topic): string {
  const slugs = Object.keys(topic).map((slug) => `[${slug}](#${slug})`);
  return `- **${title}**: ${slugs.join(", ")}`;
}

function section(title: string, topic: Topic): string {
  return [`## ${title}`, ...Object.entries(topic).map(([slug, trap]) => record(slug, trap))].join("\n\n");
}

function record(slug: string, trap: Trap): string {
  return [`### ${slug}`, trap.seen, `*Known from*: ${trap.versions}.`, ...follows(trap)].join("\n\n");
}

function follows(trap: Trap): string[] {
  if ("ahead" in trap) return [`*Not built here; it would take*: ${trap.ahead}`];
  const held =
    "test" in trap ? `*Test*: ${testLink(trap.test)}` : `*No test of ours can fail*: ${trap.untested}.`;
  return [`*What we do*: ${trap.answer}`, held];
}
