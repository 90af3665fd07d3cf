/** What follows from gpgv's and sqv's words. The real ones are in test/lab/namespaces/debian.test.ts. */
import { describe, expect, test } from "vitest";
import type { Run } from "../../../script/updates/programs.ts";
import { parseRelease, withoutSignature } from "../../../script/updates/release.ts";
import { verify } from "../../../script/updates/signature.ts";
import { SIGNED } from "./signed.ts";

/** gpgv alone, saying this. */
const saying =
  (status: number, ...words: string[]): Run =>
  ([command]) =>
    command === "gpgv"
      ? {
          status,
          stdout: Buffer.from("the text"),
          stderr: `${words.map((word) => `[GNUPG:] ${word}\n`).join("")}gpgv: so\n`,
        }
      : undefined;

describe("gpgv's verdict", () => {
  test.each([
    ["one good signature", saying(0, "NEWSIG", "GOODSIG 1 x"), { signed: "the text", by: "gpgv" }],
    // As apt has it: an older keyring lacks the newest key.
    [
      "one good, one by a key that is not there",
      saying(2, "GOODSIG 1 x", "NO_PUBKEY 2"),
      { signed: "the text", by: "gpgv" },
    ],
    ["a bad one beside a good one", saying(1, "GOODSIG 1 x", "BADSIG 2 x"), { refused: "gpgv: gpgv: so" }],
    ["none by a key that is there", saying(2, "NO_PUBKEY 2"), { refused: "gpgv: gpgv: so" }],
    [
      "one by a key that has expired",
      saying(0, "EXPKEYSIG 1 x", "VALIDSIG 1"),
      { refused: "gpgv: gpgv: so" },
    ],
    ["no signature", saying(2, "NODATA 1"), { refused: "gpgv: gpgv: so" }],
  ])("%s", (_, run, verdict) => {
    expect(verify("any", "any", run)).toEqual(verdict);
  });

  test("a good signature's key may bear any name", () => {
    expect(verify("any", "any", saying(2, "ERRSIG 1 GOODSIG"))).toEqual({ refused: "gpgv: gpgv: so" });
  });
});

test("where neither is, nobody has looked", () => {
  expect(verify("any", "any", () => undefined)).toEqual({ unchecked: "neither gpgv nor sqv is here" });
});

test("a text without its signature is what was signed, and has the fields", () => {
  const text = withoutSignature(SIGNED);
  expect(text).toMatch(
    /^Origin: Nobody\n[\s\S]*\n- a line that begins with a hyphen\n[\s\S]*Packages\.xz\n$/,
  );
  const { files, ...fields } = parseRelease(text);
  expect(fields).toEqual({ codename: "trixie", date: new Date("2026-11-21T09:15:44Z"), byHash: true });
  expect(files.get("main/binary-amd64/Packages")!.bytes).toBe(56_634_892);
  expect(() => withoutSignature(`Codename: other\n${SIGNED}`)).toThrow("it is no signed text");
});
