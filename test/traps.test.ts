/** The records of traps/, and who cites them. */
import { describe, expect, test } from "vitest";
import type { Trap } from "../traps/trap.ts";
import { topics, traps } from "../traps/traps.ts";
import { projectFiles, read } from "./shared/files.ts";
import { notThere } from "./shared/named-test.ts";

const records = Object.entries<Trap>(traps);

describe("the records", () => {
  test("have each slug once, over all topics, of lower-case words", () => {
    const slugs = Object.values(topics).flatMap((topic) => Object.keys(topic));
    expect(slugs.toSorted()).toEqual(Object.keys(traps).toSorted());
    expect(slugs.filter((slug) => !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(slug))).toEqual([]);
  });

  test.each(records)(
    "%s says in whole sentences what was seen and what follows, and in a clause where",
    (_, trap) => {
      const sentences = "ahead" in trap ? [trap.seen, trap.ahead] : [trap.seen, trap.answer];
      expect(sentences.filter((text) => !/^\S.*\.$/.test(text))).toEqual([]);
      const clauses = "untested" in trap ? [trap.versions, trap.untested] : [trap.versions];
      expect(clauses.filter((text) => !/^\S.*[^.]$/.test(text))).toEqual([]);
    },
  );

  test.each(records.flatMap(([slug, trap]) => ("test" in trap ? [[slug, trap.test]] : [])))(
    "%s names a test that exists",
    (_, named) => expect(notThere(named!)).toBeUndefined(),
  );
});

/** Texts of the project in which somebody may cite: what is written by hand, but for the examples below. */
const texts = projectFiles()
  .filter((path) => !["package-lock.json", "test/traps.test.ts"].includes(path) && !path.endsWith(".svg"))
  .map((path) => ({ path, text: read(path) }));

/** What looks like a citation and is none that holds. */
function wrong(text: string): string[] {
  const numbered = text.match(/\btraps? \d[^\n]*/gi) ?? [];
  // A parameter has a type's name behind its colon.
  const cited = text.match(/\(traps?:(?!\s*[A-Z])[^)]*\)?/g) ?? [];
  return [...numbered, ...cited.filter((each) => !holds(each))];
}

/** One form, on one line, so that a slug is found by its letters; a comma between two. */
function holds(cited: string): boolean {
  const [, slugs] = /^\(traps: ([a-z0-9-]+(?:, [a-z0-9-]+)*)\)$/.exec(cited) ?? [];
  return slugs?.split(", ").every((slug) => Object.hasOwn(traps, slug)) ?? false;
}

describe("citations", () => {
  const [one, two] = Object.keys(traps);

  test.each([`pptpd exits (traps: ${one}).`, `(traps: ${one}, ${two})`, "(trap: Trap) => string"])(
    "are these: %s",
    (text) => expect(wrong(text)).toEqual([]),
  );

  test.each([
    "as trap 7 says",
    "(traps 7 and 23)",
    "(traps: no-such-trap)",
    `(trap: ${one})`,
    `(traps: ${one} and ${two})`,
    `(traps: ${one},\n * ${two})`,
    `(traps: ${one}`,
  ])("are not these: %j", (text) => expect(wrong(text)).toHaveLength(1));

  test("are of records that there are, in every file", () => {
    expect(texts.filter(({ text }) => text.includes("(traps: ")).length).toBeGreaterThan(20);
    expect(texts.flatMap(({ path, text }) => wrong(text).map((each) => `${path}: ${each}`))).toEqual([]);
  });
});
