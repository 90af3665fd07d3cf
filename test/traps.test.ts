/** The records of traps/. */
import { describe, expect, test } from "vitest";
import type { Trap } from "../traps/trap.ts";
import { topics, traps } from "../traps/traps.ts";
import { notThere } from "./named-test.ts";

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
