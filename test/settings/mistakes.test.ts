import { expect, test } from "vitest";
import { printable, report } from "../../settings/mistakes.ts";

test("the number comes first, then a block for each mistake", () => {
  const mistake = {
    key: "servers",
    value: "0",
    allowed: "a whole number from 1 to 10000",
    fix: "set it to 2",
  };
  expect(report([mistake, { ...mistake, key: "dns[1]" }])).toBe(
    `2 mistakes in the stack's config

  pptp-fleet:servers
    value    0
    allowed  a whole number from 1 to 10000
    fix      set it to 2

  pptp-fleet:dns[1]
    value    0
    allowed  a whole number from 1 to 10000
    fix      set it to 2`,
  );
});

test("one mistake is not mistakes", () => {
  expect(report([{ key: "a", value: "b", allowed: "c", fix: "d" }])).toMatch(/^1 mistake in/);
});

test("a value is shown as JSON, its control characters and all beyond ASCII escaped", () => {
  expect(printable(["a\u001b[2J", "\u202e", "é"])).toBe('["a\\u001b[2J","\\u202e","\\u00e9"]');
});

test("a long value is cut at 80 characters", () => {
  expect(printable("x".repeat(200))).toBe(`"${"x".repeat(79)}…`);
});
