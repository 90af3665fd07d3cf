import { describe, expect, test } from "vitest";
import { defaultTagMistakes, OWN_TAGS } from "../../../settings/rules/default-tags.ts";
import { all, run } from "../../program/run.ts";

const NAME = { dialName: "pptp.example.com" };
const json = (tags: object) => JSON.stringify({ tags });
const count = (many: number) =>
  json(Object.fromEntries(Array.from({ length: many }, (_, i) => [`t${i}`, i])));
const places = (...args: Parameters<typeof defaultTagMistakes>) =>
  defaultTagMistakes(...args).map(({ namespace, key }) => `${namespace}:${key}`);

test.each([
  ["nothing", undefined],
  ["no JSON", "{"],
  ["null", "null"],
  ["no tags", '{"other":1}'],
  ["a list", '{"tags":["a"]}'],
  ["tags that AWS takes", json({ Owner: "Net ops", n: 1, b: true, "a/b": "" })],
  ["our own tags, which win", json({ Name: "x", project: "y", stack: "z" })],
])("%s is no mistake", (_, text) => {
  expect(defaultTagMistakes(text, false, {})).toEqual([]);
});

test("each wrong tag is told with key, value, what is allowed and the fix", () => {
  expect(defaultTagMistakes(json({ "a'b": "x", ok: "y" }), false, {})).toEqual([
    {
      namespace: "aws",
      key: `defaultTags.tags["a'b"]`,
      value: '"x"',
      allowed: expect.stringMatching(/its key has ' \(U\+0027\); AWS takes at most 127 characters: letters/),
      fix: expect.stringContaining("pulumi config set --path 'aws:defaultTags.tags"),
    },
  ]);
});

test("an encrypted value is not shown, nor any character of it", () => {
  const [mistake] = defaultTagMistakes(json({ key: "a'secret" }), true, {});
  expect(mistake!.value).toBe("[secret]");
  expect(mistake!.allowed).not.toMatch(/'|secret/);
});

describe("there are", () => {
  test("as many as a machine has room for beside its own", () => {
    expect(places(count(46), false, {})).toEqual([]);
    expect(places(count(47), false, {})).toEqual(["aws:defaultTags.tags"]);
  });

  test("with a name as many as a health check has", () => {
    expect(places(count(7), false, NAME)).toEqual([]);
    expect(places(count(8), false, NAME)).toEqual(["aws:defaultTags.tags"]);
  });

  test("our own on each resource, and one more on a machine's", async () => {
    const fleet = await run({ ...NAME, hostedZoneId: "Z0123456789ABCDEFGHIJ" });
    const keysOf = ({ inputs }: (typeof fleet.resources)[number]) => Object.keys(inputs.tags ?? {});
    const tagged = fleet.resources.filter((each) => keysOf(each).length > 0);
    for (const each of tagged) expect(keysOf(each)).toEqual(expect.arrayContaining(OWN_TAGS));
    expect(Math.max(...tagged.map((each) => keysOf(each).length))).toBe(OWN_TAGS.length + 1);
    for (const check of all(fleet, "HealthCheck")) expect(keysOf(check)).toEqual(OWN_TAGS);
  });
});
