/** What is read from a mirror, and what is refused. The mirror is made up; `npm run updates` reads Debian's own. */
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { type Mirror, newestOf, readArchive } from "../../../script/updates/archive.ts";
import { type Verdict, verify } from "../../../script/updates/signature.ts";
import {
  believing,
  type Contents,
  type MadeMirror,
  madeMirror,
  NOW,
  releaseOf,
  suitePath,
} from "./mirror.ts";

let mirror: MadeMirror;
afterEach(() => mirror.close());

const HAS: Contents = {
  trixie: { ppp: "2.5.2-1+1", openssl: ["3.5.9-1~deb13u1", "3.5.4-1"], other: "1" },
  "trixie-security": { openssl: "3.5.7-1~deb13u3", curl: "8.14.1-2+deb13u7" },
};
const WANTED = new Set(["ppp", "openssl", "curl", "nothing"]);
const good = (text: string): Verdict => verify(text, "any", believing);

async function read(changes: Partial<Mirror> = {}, change: (made: MadeMirror) => void = () => {}) {
  mirror = await madeMirror(HAS);
  change(mirror);
  return readArchive(
    { url: mirror.url, verify: good, now: NOW, run: believing, ...changes },
    "amd64",
    WANTED,
  );
}

/** Puts another InRelease in place. */
const release = (suite: string, text: string) => (made: MadeMirror) => {
  made.files.set(`${suitePath(suite)}/InRelease`, text);
};

test("has the newest version that each suite has of each package", async () => {
  const { versions, suites } = await read();
  expect(Object.fromEntries([...versions].map(([name, has]) => [name, Object.fromEntries(has)]))).toEqual({
    ppp: { trixie: "2.5.2-1+1" },
    openssl: { trixie: "3.5.9-1~deb13u1", "trixie-security": "3.5.7-1~deb13u3" },
    curl: { "trixie-security": "8.14.1-2+deb13u7" },
  });
  expect(suites.map(({ name, signature }) => `${name}: ${signature}`)).toEqual([
    "trixie: signature good (gpgv)",
    "trixie-updates: signature good (gpgv)",
    "trixie-security: signature good (gpgv)",
  ]);
});

test("asks for indexes by their hash, which stay while the mirror changes", async () => {
  await read();
  expect(mirror.asked.map((path) => path.replace(/[0-9a-f]{64}$/, "HASH"))).toEqual(
    ["trixie", "trixie-updates", "trixie-security"].flatMap((suite) => [
      `${suitePath(suite)}/InRelease`,
      `${suitePath(suite)}/main/binary-amd64/by-hash/SHA256/HASH`,
    ]),
  );
});

/** SHA-256 of nothing. */
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

describe("refused is", () => {
  const wrong: [string, Partial<Mirror>, (made: MadeMirror) => void, RegExp][] = [
    [
      "a signature that is not Debian's",
      { verify: () => ({ refused: "gpgv: BAD signature" }) },
      () => {},
      /\/debian\/dists\/trixie\/InRelease: its signature is not Debian's \(gpgv: BAD signature\)$/,
    ],
    [
      "a release that neither a signature nor TLS vouches for",
      { verify: () => ({ unchecked: "neither gpgv nor sqv is here" }) },
      () => {},
      /neither a signature \(neither gpgv nor sqv is here\) nor TLS vouches for it$/,
    ],
    [
      "an index that is not the listed one",
      {},
      ({ files }) => {
        const path = [...files.keys()].find((each) =>
          each.startsWith(`${suitePath("trixie-security")}/main/`),
        )!;
        files.set(path, gzipSync("Package: openssl\nVersion: 9\n"));
      },
      /trixie-security\/main\/binary-amd64\/by-hash\/SHA256\/[0-9a-f]{64}: it is not the file that the release lists/,
    ],
    [
      "a mirror that is stale",
      {},
      release(
        "trixie-security",
        releaseOf("trixie-security", [], "Valid-Until: Fri, 27 Nov 2026 22:33:13 UTC\n"),
      ),
      /it was good until 2026-11-27T22:33:13.000Z: the mirror is stale, or this machine's clock is wrong$/,
    ],
    [
      "another suite's release",
      {},
      release("trixie-security", releaseOf("bookworm-security", [])),
      /trixie-security\/InRelease: it is of bookworm-security$/,
    ],
    [
      "a release without the architecture",
      {},
      release("trixie", releaseOf("trixie", [["main/binary-arm64/Packages", ""]])),
      /trixie\/InRelease: it lists no main\/binary-amd64\/Packages, packed by xz or gzip$/,
    ],
    [
      "a page that is no release",
      { verify: (text) => ({ signed: text, by: "gpgv" }) },
      release("trixie", "<html>Log in to the hotel's network</html>"),
      /trixie\/InRelease: it has no field SHA256$/,
    ],
    [
      "what the mirror has not",
      {},
      ({ files }) => files.delete(`${suitePath("trixie-updates")}/InRelease`),
      /trixie-updates\/InRelease: HTTP 404$/,
    ],
    [
      "an index packed by xz where there is no xz",
      {},
      (made) => {
        const listed = ["Packages", "Packages.xz"].map((name): [string, string] => [
          `main/binary-amd64/${name}`,
          "",
        ]);
        release("trixie", releaseOf("trixie", listed))(made);
        made.files.set(`${suitePath("trixie")}/main/binary-amd64/by-hash/SHA256/${EMPTY}`, "");
      },
      /^xz is not here, .* install xz-utils \(Debian\) or xz$/,
    ],
  ];
  test.each(wrong)("%s", async (_, changes, change, message) => {
    await expect(read(changes, change)).rejects.toThrow(message);
  });
});

test("a mirror that nobody answers at is named", async () => {
  mirror = await madeMirror({});
  await mirror.close();
  const asked = readArchive({ url: mirror.url, verify: good, now: NOW }, "amd64", WANTED);
  await expect(asked).rejects.toThrow(
    /^http:\/\/127\.0\.0\.1:\d+\/debian\/dists\/trixie\/InRelease: .*ECONNREFUSED/,
  );
  mirror = await madeMirror({});
});

test("of an index a description that looks like a field is none", () => {
  const index = "Package: a\nVersion: 1\nDescription: x\n Version: 9\n\nPackage: ab\nVersion: 2\n";
  expect([...newestOf(index, new Set(["a", "ab"]))]).toEqual([
    ["a", "1"],
    ["ab", "2"],
  ]);
});
