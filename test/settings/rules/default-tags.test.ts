import { describe, expect, test } from "vitest";
import { defaultTagMistakes, OWN_TAGS } from "../../../settings/rules/default-tags.ts";
import { all, run } from "../../program/run.ts";

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
  expect(defaultTagMistakes(text, false)).toEqual([]);
});

test("each wrong tag is told with key, value, what is allowed and the fix", () => {
  expect(defaultTagMistakes(json({ "a'b": "x", ok: "y" }), false)).toEqual([
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
  const [mistake] = defaultTagMistakes(json({ key: "a'secret" }), true);
  expect(mistake!.value).toBe("[secret]");
  expect(mistake!.allowed).not.toMatch(/'|secret/);
});

describe("there are", () => {
  test("as many as an object in S3 has room for beside our own", () => {
    expect(places(count(7), false)).toEqual([]);
    expect(places(count(8), false)).toEqual(["aws:defaultTags.tags"]);
  });

  test("our own on each resource, and one more on a machine's", async () => {
    const fleet = await run({ dialName: "pptp.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" });
    const keysOf = ({ inputs }: (typeof fleet.resources)[number]) => Object.keys(inputs.tags ?? {});
    const tagged = fleet.resources.filter((each) => keysOf(each).length > 0);
    for (const each of tagged) expect(keysOf(each)).toEqual(expect.arrayContaining(OWN_TAGS));
    expect(Math.max(...tagged.map((each) => keysOf(each).length))).toBe(OWN_TAGS.length + 1);
    const few = [...all(fleet, "HealthCheck"), ...all(fleet, "BucketObjectv2")];
    for (const each of few) expect(keysOf(each)).toEqual(OWN_TAGS);
  });
});
