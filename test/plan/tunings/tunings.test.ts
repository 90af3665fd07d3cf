/** What is said of each tuning, wherever it is said. */
import { describe, expect, test } from "vitest";
import { notSet } from "../../../plan/tunings/not-set.ts";
import { tunings } from "../../../plan/tunings/tunings.ts";
import { facts } from "../../../settings/keys/facts.ts";
import { groups, membersOf } from "../../../settings/schema.ts";
import { projectFiles, read } from "../../shared/files.ts";

describe("each tuning", () => {
  test.each([...tunings])(
    "%s says what carries it, its default, why, its cost, a source or the traps that it answers, and a test",
    (_, tuning) => {
      const { sets, own, why, costs, traps = [], source = traps.join(), test } = tuning;
      expect([sets, own, why, costs, source, test].filter((text) => text.trim() === "")).toEqual([]);
      expect(why).toMatch(/\.$/);
      // The comment above the setting puts a full stop behind these.
      expect([own, costs].filter((clause) => clause.endsWith("."))).toEqual([]);
    },
  );
});

describe("each member of a group", () => {
  const members = groups.flatMap((group) =>
    Object.entries(membersOf(group)).map(([member, schema]) => ({ name: `${group}.${member}`, schema })),
  );

  test("is a tuning", () => {
    expect(members.filter(({ name }) => !tunings.has(name)).map(({ name }) => name)).toEqual([]);
  });

  test("has a description of whole sentences, what is allowed, and the command that sets it", () => {
    for (const { name, schema } of members) {
      const { description, allowed, fix } = facts.get(schema)!;
      expect(description, name).toMatch(/^\S.*\.$/);
      expect(allowed, name).toMatch(/^\S.*[^.]$/);
      expect(fix, name).toMatch(new RegExp(`^pulumi config set --path 'pptp-fleet:${name}' \\S+$`));
    }
  });
});

describe("what recipes set and we do not", () => {
  test.each(notSet.map(({ name, why }) => [name, why]))("%s has its reason: %s", (name, why) => {
    expect([name, why].every((text) => /^\S.+[^.]$/.test(text))).toBe(true);
  });

  test("stands in no file of a server", () => {
    const files = projectFiles("templates").filter((path) =>
      /\/etc\/(ppp|sysctl\.d|modules-load\.d)\//.test(path),
    );
    const settings = files.flatMap((path) =>
      read(path)
        .split("\n")
        .filter((line) => /^[a-z]/.test(line)),
    );
    const names = notSet.flatMap(
      ({ name }) =>
        name.match(/\b(net\.[\w.]+|tcp_\w+|nf_\w+|ip_\w+|ktune|nologfd|proxyarp|logwtmp)\b/g) ?? [],
    );
    expect(names.length).toBeGreaterThan(10);
    expect(settings.length).toBeGreaterThan(40);
    const words = new Set(
      settings.flatMap((line) => line.split(/[\s=]+/)).flatMap((word) => [word, word.split(".").at(-1)!]),
    );
    expect(names.filter((name) => words.has(name))).toEqual([]);
  });
});
