/** Debian's archive: which versions of packages its suites have now. */
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { newest } from "./compare.ts";
import type { DebianArchitecture } from "./image-packages.ts";
import { type Run, runHere } from "./programs.ts";
import { type Listed, parseRelease, type Release, withoutSignature } from "./release.ts";
import type { Verdict } from "./signature.ts";

export interface Suite {
  /** Its codename. */
  name: string;
  /** Below a mirror. */
  archive: "debian" | "debian-security";
  security: boolean;
}

/** Those that machines have in their own sources: Debian 13's, its updates between releases, and security's. */
export const SUITES: Suite[] = [
  { name: "trixie", archive: "debian", security: false },
  { name: "trixie-updates", archive: "debian", security: false },
  { name: "trixie-security", archive: "debian-security", security: true },
];

/** The only component that machines have packages of. */
const COMPONENT = "main";

/** Has both archives; security.debian.org has the second one, too. */
export const MIRROR = "https://deb.debian.org";

export interface Archive {
  /** By suite, in their order. */
  suites: { name: string; date: Date; signature: string }[];
  /** By package, then by suite: the newest there. A package that no suite has is left out. */
  versions: Map<string, Map<string, string>>;
}

export interface Mirror {
  /** Below it lie debian/ and debian-security/. */
  url: string;
  /** @param text an InRelease. */
  verify(text: string): Verdict;
  now: Date;
  /** @default the programs of this machine */
  run?: Run;
}

/**
 * Reads the suites' indexes, some 10 MB for each architecture.
 *
 * @throws Error naming a file that cannot be fetched, is not what the release says, whose signature is wrong, or is stale;
 * and where neither a signature nor TLS vouches for what comes.
 */
export async function readArchive(
  mirror: Mirror,
  architecture: DebianArchitecture,
  names: ReadonlySet<string>,
): Promise<Archive> {
  const archive: Archive = { suites: [], versions: new Map() };
  for (const suite of SUITES) {
    const { release, signature } = await readRelease(mirror, suite);
    archive.suites.push({ name: suite.name, date: release.date, signature });
    const index = await readIndex(mirror, suite, release, architecture);
    for (const [name, version] of newestOf(index, names)) {
      const versions = archive.versions.get(name) ?? new Map();
      archive.versions.set(name, versions.set(suite.name, version));
    }
  }
  return archive;
}

async function readRelease(mirror: Mirror, suite: Suite): Promise<{ release: Release; signature: string }> {
  const url = `${base(mirror, suite)}/InRelease`;
  const text = (await fetched(url)).toString();
  const verdict = mirror.verify(text);
  const wrong = (what: string) => new Error(`${url}: ${what}`);
  if ("refused" in verdict) throw wrong(`its signature is not Debian's (${verdict.refused})`);
  if ("unchecked" in verdict && !url.startsWith("https:"))
    throw wrong(`neither a signature (${verdict.unchecked}) nor TLS vouches for it`);
  let release: Release;
  try {
    release = parseRelease("signed" in verdict ? verdict.signed : withoutSignature(text));
  } catch (error) {
    throw wrong((error as Error).message);
  }
  if (release.codename !== suite.name) throw wrong(`it is of ${release.codename}`);
  if (release.validUntil !== undefined && release.validUntil < mirror.now)
    throw wrong(
      `it was good until ${release.validUntil.toISOString()}: the mirror is stale, or this machine's clock is wrong`,
    );
  const signature =
    "signed" in verdict
      ? `signature good (${verdict.by})`
      : `signature not checked: ${verdict.unchecked}; TLS only`;
  return { release, signature };
}

/** Packages' paragraphs. Only the stable suite has an index that Node can unpack; xz is for the others. */
async function readIndex(
  mirror: Mirror,
  suite: Suite,
  release: Release,
  architecture: DebianArchitecture,
): Promise<string> {
  const path = `${COMPONENT}/binary-${architecture}/Packages`;
  const run = mirror.run ?? runHere;
  const forms: [suffix: string, unpack: (packed: Buffer) => Buffer][] = [
    [".xz", (packed) => unpackXz(packed, run)],
    [".gz", gunzipSync],
  ];
  const form = forms.find(([suffix]) => release.files.has(path + suffix));
  const [plain, listed] = [release.files.get(path), form && release.files.get(path + form[0])];
  if (form === undefined || listed === undefined || plain === undefined)
    throw new Error(`${base(mirror, suite)}/InRelease: it lists no ${path}, packed by xz or gzip`);
  const [suffix, unpack] = form;
  const place = release.byHash
    ? `${path.slice(0, path.lastIndexOf("/"))}/by-hash/SHA256/${listed.sha256}`
    : path + suffix;
  const url = `${base(mirror, suite)}/${place}`;
  const packed = await fetched(url);
  check(url, packed, listed);
  const text = unpack(packed);
  check(`${url}, unpacked`, text, plain);
  return text.toString();
}

/** @throws Error where there is no xz, or it takes the file for none of its own. */
function unpackXz(packed: Buffer, run: Run): Buffer {
  const ended = run(["xz", "--decompress", "--stdout"], packed);
  if (ended === undefined)
    throw new Error("xz is not here, and Debian packs its indexes by it: install xz-utils (Debian) or xz");
  if (ended.status !== 0) throw new Error(`xz: ${ended.stderr.trim()}`);
  return ended.stdout;
}

function check(what: string, bytes: Buffer, { sha256, bytes: length }: Listed): void {
  const found = createHash("sha256").update(bytes).digest("hex");
  if (bytes.length !== length || found !== sha256)
    throw new Error(`${what}: it is not the file that the release lists (SHA-256 ${found})`);
}

/** The newest version of each wanted package that an index has. */
export function newestOf(index: string, names: ReadonlySet<string>): Map<string, string> {
  const found = new Map<string, string>();
  for (const paragraph of index.split("\n\n")) {
    const name = /^Package: (\S+)$/m.exec(paragraph.slice(0, 200))?.[1];
    if (name === undefined || !names.has(name)) continue;
    const version = /^Version: (\S+)$/m.exec(paragraph)?.[1];
    if (version !== undefined) found.set(name, newest([found.get(name) ?? [], version].flat())!);
  }
  return found;
}

const base = ({ url }: Mirror, { name, archive }: Suite): string => `${url}/${archive}/dists/${name}`;

async function fetched(url: string): Promise<Buffer> {
  let answer: Response;
  try {
    answer = await fetch(url, { signal: AbortSignal.timeout(300_000) });
  } catch (error) {
    const { message, cause } = error as Error;
    throw new Error(`${url}: ${cause instanceof Error ? cause.message : message}`);
  }
  if (!answer.ok) throw new Error(`${url}: HTTP ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}
