/**
 * What npm run updates knows of Debian, against Debian 13's own programs: dpkg's order of versions and its names, the
 * signatures of gpgv and sqv, xz, and which of the image's packages depend on each other's exact version. The archive itself is
 * not asked.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../../../lab/host/run.ts";
import { amiImage } from "../../../lab/image/image.ts";
import { mountedRoot } from "../../../lab/image/mounted-root.ts";
import { makePlan } from "../../../plan/plan.ts";
import { compareVersions } from "../../../script/updates/compare.ts";
import { type Run, runHere } from "../../../script/updates/programs.ts";
import { verify } from "../../../script/updates/signature.ts";
import { lookedUp } from "../../../script/updates/updates.ts";
import { isDebianVersion, isPackageName } from "../../../settings/keys/package-versions.ts";
import { gatewayParts } from "../../../templates/gateway.ts";
import { serverParts } from "../../../templates/server.ts";
import { CERTIFICATE, SIGNED } from "../../script/updates/signed.ts";
import { givenFacts, givenSettings } from "../../shared/given.ts";

/** The AMI's root, where what is written stays out of the image. */
let root: string;

beforeAll(async () => {
  const { rootfs } = await amiImage();
  root = await mountedRoot(mkdtempSync("/run/debian-"), [rootfs]);
  await run("mount", ["--bind", "/dev", join(root, "dev")]);
  await run("mount", ["-t", "proc", "proc", join(root, "proc")]);
  // Programs write to where the test reads.
  await run("mount", ["--bind", tmpdir(), join(root, "tmp")]);
});

/** A shell's loop in it: a line in, a line out. */
function lines(script: string, input: string[]): string[] {
  const said = spawnSync("chroot", [root, "sh", "-c", script], {
    ...{ input: input.join("\n").concat("\n"), encoding: "utf8", maxBuffer: 1 << 26 },
  });
  if (said.status !== 0) throw new Error(said.stderr);
  return said.stdout.trimEnd().split("\n");
}

/** Few letters, so that versions are alike for long. */
const near = fc.tuple(
  fc.constantFrom("", "", "0:", "1:"),
  fc.constantFrom("0", "1", "10", "01"),
  fc.string({ unit: fc.constantFrom(..."019~.+aZ-"), maxLength: 6 }),
  fc.constantFrom("", "-0", "-1", "-1+b2", "-1~deb13u1"),
);
const versions = near.map((parts) => parts.join("")).filter(isDebianVersion);
const pair = versions.chain((a) => {
  // The same to dpkg, in other words.
  const same = [a, a.replace(/\d+/g, "0$&"), a.includes(":") ? a : `0:${a}`, a.includes("-") ? a : `${a}-0`];
  return fc.tuple(fc.constant(a), fc.oneof({ weight: 4, arbitrary: versions }, fc.constantFrom(...same)));
});

describe("dpkg", () => {
  test("orders any two versions as we do", () => {
    const pairs = fc.sample(pair, { numRuns: 4000, seed: 13 });
    const ours = pairs.map(([a, b]) => `${a} ${b} ${Math.sign(compareVersions(a, b))}`);
    const theirs = lines(
      `while read -r a b; do
         if dpkg --compare-versions "$a" lt "$b"; then echo "$a $b -1"
         elif dpkg --compare-versions "$a" eq "$b"; then echo "$a $b 0"
         else echo "$a $b 1"; fi
       done`,
      pairs.map((each) => each.join(" ")),
    );
    expect(ours.filter((line, i) => line !== theirs[i])).toEqual([]);
    const count = (sign: string) => theirs.filter((line) => line.endsWith(` ${sign}`)).length;
    expect(Math.min(count("-1"), count("0"), count("1"))).toBeGreaterThan(50);
  });

  /** Those of a kind that dpkg takes without a word. */
  const taken = (kind: "version" | "pkgname", words: string[]) =>
    lines(
      `while read -r word; do said=$(dpkg --validate-${kind} "$word" 2>&1) && [ -z "$said" ] && echo "$word yes" || echo "$word no"; done`,
      words,
    )
      .filter((line) => line.endsWith(" yes"))
      .map((line) => line.slice(0, -" yes".length));

  test("takes every version that the setting takes, and the setting all of its but colons within and signs of an epoch", () => {
    const any = fc.string({ unit: fc.constantFrom(..."01~.+aZ-:_"), minLength: 1, maxLength: 5 });
    const words = [...new Set(fc.sample(any, { numRuns: 3000, seed: 13 }))].filter(
      (word) => !word.startsWith("-"),
    );
    const theirs = taken("version", words);
    const ours = words.filter(isDebianVersion);
    expect(ours.filter((word) => !theirs.includes(word))).toEqual([]);
    expect(theirs.filter((word) => !ours.includes(word) && /^([0-9]+:)?[^:]*$/.test(word))).toEqual([]);
    expect(ours.length).toBeGreaterThan(100);
  });

  test("takes every package's name that the setting takes", () => {
    const any = fc.string({ unit: fc.constantFrom(..."a0+.-B_:"), minLength: 1, maxLength: 5 });
    const words = [...new Set(fc.sample(any, { numRuns: 3000, seed: 13 }))].filter(
      (word) => !word.startsWith("-"),
    );
    const theirs = taken("pkgname", words);
    const ours = words.filter(isPackageName);
    expect(ours.filter((word) => !theirs.includes(word))).toEqual([]);
    expect(ours.length).toBeGreaterThan(50);
  });

  test("has every package and version of the image in a form that the setting takes", () => {
    const installed = lines(`dpkg-query -W -f '\${Package} \${Version}\\n'`, []);
    expect(installed.length).toBeGreaterThan(200);
    const wrong = installed.filter((line) => {
      const [name, version] = line.split(" ") as [string, string];
      return !isPackageName(name) || !isDebianVersion(version);
    });
    expect(wrong).toEqual([]);
  });
});

describe.each(["gpgv", "sqv"])("%s", (program) => {
  const KEYRING = "/run/keyring.gpg";
  const NOBODYS = "/run/empty.gpg";
  /** As if the other were not there. */
  const only: Run = ([command, ...args], input) =>
    command === program ? runHere(["chroot", root, command!, ...args], input) : undefined;

  beforeAll(() => {
    writeFileSync(join(root, KEYRING), CERTIFICATE);
    writeFileSync(join(root, NOBODYS), "");
  });

  test("gives what was signed, and nothing that stands around it", () => {
    const text = verify(`Codename: evil\n${SIGNED}Codename: evil\n`, KEYRING, only);
    const clean = verify(SIGNED, KEYRING, only);
    expect(clean).toMatchObject({
      by: program,
      signed: expect.stringMatching(/^Origin: Nobody\n[\s\S]*\n- a line/),
    });
    // Refused or left out, but not taken.
    expect("signed" in text ? text.signed : "").not.toContain("evil");
  });

  test.each([
    ["a text that was changed", SIGNED.replace("56634892", "56634893"), KEYRING],
    ["another's key", SIGNED, NOBODYS],
    ["a text that nobody signed", "Codename: trixie\n", KEYRING],
  ])("refuses %s", (_, text, keyring) => {
    expect(verify(text, keyring, only)).toEqual({ refused: expect.stringMatching(`^${program}: .`) });
  });
});

test("xz unpacks what xz has packed, and says what it cannot", () => {
  const text = Buffer.from("Package: ppp\n".repeat(10_000));
  const packed = execFileSync("chroot", [root, "xz", "--stdout"], { input: text });
  const xz = (input: Buffer) => runHere(["chroot", root, "xz", "--decompress", "--stdout"], input)!;
  expect(xz(packed).stdout.equals(text)).toBe(true);
  expect(xz(Buffer.from("no xz"))).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("not recognized"),
  });
});

test("packages that depend on each other's exact version are looked up together", () => {
  const { fleet } = makePlan(givenSettings(), givenFacts(), "dev");
  const bundle = (kind: "server" | "gateway", parts: { packages?(of: typeof fleet): string[] }[]) => ({
    kind,
    packages: parts.flatMap((part) => part.packages?.(fleet) ?? []).map((name) => ({ name })),
  });
  const looked = lookedUp([bundle("server", serverParts), bundle("gateway", gatewayParts)], "amd64", {});
  const names = new Set(looked.map(({ name }) => name));
  const rows = lines(`dpkg-query -W -f '\${Package}|\${Version}|\${Pre-Depends}, \${Depends}\\n'`, []).map(
    (line) => line.split("|"),
  );
  const image = new Map(rows.map(([name, ...rest]) => [name!, rest]));
  const exact = rows.flatMap(([name, , depends]) =>
    [...depends!.matchAll(/([a-z0-9+.-]+)(?::any)? \(= [^)]*\)/g)].map(([, on]) => [name!, on!] as const),
  );
  expect(exact.length).toBeGreaterThan(20);
  // A kernel's name has its version in it: the newer one is another package.
  const apart = exact.filter(
    ([a, b]) =>
      names.has(a) !== names.has(b) && image.has(a) && image.has(b) && !/^linux-image-[0-9]/.test(b),
  );
  expect(apart).toEqual([]);
});
