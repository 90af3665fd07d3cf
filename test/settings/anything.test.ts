/** Whatever a stack's file holds, reading it ends with settings or mistakes, and shows no password. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { report } from "../../settings/mistakes.ts";
import { readSettings } from "../../settings/read.ts";
import { keys } from "../../settings/schema.ts";

const GARBAGE = [
  "",
  "null",
  "[null]",
  "NaN",
  "1e999",
  "-0",
  "{}",
  "[[]]",
  '{"__proto__":1}',
  "[",
  "\u0000",
  "\ud800",
  "[]",
];

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.json(),
  fc.integer().map(String),
  fc.constantFrom(...GARBAGE),
  fc
    .array(fc.ipV4().chain((ip) => fc.integer({ min: 0, max: 33 }).map((n) => `${ip}/${n}`)))
    .map((list) => JSON.stringify(list)),
);
const name = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom<string>(...keys) },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
  { weight: 1, arbitrary: fc.constantFrom("__proto__", "constructor", "toString", "user", "length") },
);
const raw = fc.array(fc.tuple(name, text)).map((pairs) => Object.fromEntries(pairs));
const secretKeys = fc.array(name).map((names) => new Set(names));

/** A password that no text of ours and no other generated text holds by chance. */
const password = fc
  .stringMatching(/^[A-Za-z0-9!#%&()*+,./:;<=>?@[\]^_{|}~ -]{4,40}$/)
  .map((tail) => `Zq9${tail}`);

describe("any config", () => {
  test("is settings or mistakes, and every mistake is printable ASCII", () => {
    fc.assert(
      fc.property(raw, secretKeys, (config, secret) => {
        const result = readSettings(config, secret);
        if ("settings" in result) return;
        expect(result.mistakes.length).toBeGreaterThan(0);
        expect(report(result.mistakes)).toMatch(/^[\x20-\x7e\n…]*$/);
      }),
      { numRuns: 1000 },
    );
  });

  test("nested deeper than a stack is a mistake as well", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    expect(readSettings({ users: deep, dns: deep, zones: deep }, new Set())).toHaveProperty("mistakes");
  });

  test("with a million characters gives a report of a few lines", () => {
    const result = readSettings(
      { instanceType: "x".repeat(1e6), ["y".repeat(1e6)]: "z".repeat(1e6) },
      new Set(),
    );
    expect("mistakes" in result && report(result.mistakes).length).toBeLessThan(3000);
  });
});

describe("a password is never in the report", () => {
  /** Where an operator may put one: right, or wrong in one of the ways that come to mind. */
  const places: ((password: string) => Record<string, string>)[] = [
    (p) => ({ users: JSON.stringify([{ name: "a", password: p }]) }),
    (p) => ({ users: JSON.stringify([{ name: "*", password: p, [p]: p }]) }),
    (p) => ({
      users: JSON.stringify([
        { name: p, password: `@/${p}` },
        { name: p, password: p },
      ]),
    }),
    (p) => ({ users: JSON.stringify({ [p]: p }) }),
    (p) => ({ users: `a: ${p}` }),
    (p) => ({ users: JSON.stringify(p) }),
    (p) => ({ user: p, userz: p, Users: p, "users[0]": p, "users.password": p }),
    (p) => ({ password: p, adminPasswd: p, vpnSecret: p, pwd: p }),
    (p) => ({ dns: JSON.stringify([{ name: "a", password: p }]), zones: `password: ${p}` }),
    (p) => ({ ppp: JSON.stringify({ password: p, wins: [p] }), "ppp.password": p, mtu: `password: ${p}` }),
  ];

  test("whichever key it stands under, encrypted or not", () => {
    fc.assert(
      fc.property(password, fc.constantFrom(...places), fc.boolean(), (secret, place, encrypted) => {
        const config = { servers: "0", ...place(secret) };
        const result = readSettings(config, new Set(encrypted ? Object.keys(config) : []));
        const written = "mistakes" in result ? report(result.mistakes) : "";
        expect(written).toContain("pptp-fleet:servers");
        expect(written).not.toContain(secret);
        expect(written).not.toContain(JSON.stringify(secret).slice(1, -1));
      }),
      { numRuns: 500 },
    );
  });
});
