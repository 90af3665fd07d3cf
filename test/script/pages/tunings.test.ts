import { expect, test } from "vitest";
import { tunings } from "../../../plan/tunings/tunings.ts";
import { tuningsPage } from "../../../script/pages/tunings.ts";
import { pulumiConfigBlock } from "../../../settings/declarations.ts";
import { factsOf, keys } from "../../../settings/schema.ts";
import { read } from "../../shared/files.ts";
import { notThere } from "../../shared/named-test.ts";

test("docs/tunings.md is what npm run docs writes", () => {
  expect(read("docs/tunings.md")).toBe(tuningsPage());
});

test("a default that is a number has its unit behind it, but for a mode and a strength by their names", () => {
  const bare = /^### `([\w.]+)`\n(?:(?!### ).*\n)*?- \*\*default\*\* `[\d ]+`;/gm;
  const names = [...tuningsPage().matchAll(bare)].map(([, name]) => name);
  expect(names).toEqual(["kernel.tcpMtuProbing", "ppp.mppe"]);
});

test("a member that may be a number has a unit behind a default that is none", () => {
  expect(tuningsPage()).toContain("- **default** `adaptive` (a number: µs); without us");
  expect(tuningsPage()).toContain("- **default** unset (a number: s); without us: 30");
});

test("what no value is stands in no code", () => {
  expect(tuningsPage().match(/\*\*default\*\* `(?:unset|none|empty|)`/g)).toBeNull();
});

test("a key has a unit where it is a number", () => {
  const block = pulumiConfigBlock();
  const numbers = keys.filter((key) => block[key].type === "integer");
  expect(numbers.length).toBeGreaterThan(3);
  expect(keys.filter((key) => factsOf(key).unit !== undefined)).toEqual(numbers);
});

test.each([...tunings])("%s names a test that exists", (_, { test }) => {
  expect(notThere(test)).toBeUndefined();
});
