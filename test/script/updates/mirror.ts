/** A mirror of Debian's on the loopback, with a few packages. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import type { Run } from "../../../script/updates/programs.ts";

/** What its suites have: by suite and package the version, or several. */
export type Contents = Record<string, Record<string, string | string[]>>;

export interface MadeMirror {
  url: string;
  /** By path. Tests put others in their place. */
  files: Map<string, string | Buffer>;
  /** Paths that were asked for. */
  asked: string[];
  close(): Promise<void>;
}

export const NOW = new Date("2026-11-28T00:00:00Z");

/** As Debian has them: a release a suite, an index an architecture, by its hash as well. */
export async function madeMirror(contents: Contents, architectures = ["amd64"]): Promise<MadeMirror> {
  const files = new Map<string, string | Buffer>();
  const asked: string[] = [];
  for (const suite of ["trixie", "trixie-updates", "trixie-security"])
    for (const [path, content] of suiteFiles(suite, contents[suite] ?? {}, architectures))
      files.set(path, content);
  const server = createServer(({ url }, response) => {
    asked.push(url!);
    const content = files.get(url!);
    if (content === undefined) response.statusCode = 404;
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    ...{ files, asked },
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Where a suite lies. */
export function suitePath(suite: string): string {
  return `/${suite.endsWith("-security") ? "debian-security" : "debian"}/dists/${suite}`;
}

function suiteFiles(
  suite: string,
  packages: Contents[string],
  architectures: string[],
): [string, string | Buffer][] {
  const indexes = architectures.map((architecture) => {
    const text = Object.entries(packages)
      .flatMap(([name, versions]) =>
        [versions]
          .flat()
          .map(
            (version) =>
              `Package: ${name}\nSource: of-${name}\nVersion: ${version}\nArchitecture: ${architecture}\nDescription: Package: other\n`,
          ),
      )
      .join("\n");
    return { path: `main/binary-${architecture}`, text, packed: gzipSync(text) };
  });
  const release = releaseOf(
    suite,
    indexes.flatMap(({ path, text, packed }): [string, string | Buffer][] => [
      [`${path}/Packages`, text],
      [`${path}/Packages.gz`, packed],
    ]),
  );
  return [
    [`${suitePath(suite)}/InRelease`, release],
    ...indexes.map(({ path, packed }): [string, Buffer] => [
      `${suitePath(suite)}/${path}/by-hash/SHA256/${sha256(packed)}`,
      packed,
    ]),
  ];
}

export function releaseOf(
  suite: string,
  files: [path: string, content: string | Buffer][],
  more = "",
): string {
  const lines = files.map(([path, content]) => ` ${sha256(content)} ${Buffer.byteLength(content)} ${path}`);
  return [
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n",
    `Codename: ${suite}\nDate: Thu, 26 Nov 2026 02:14:46 UTC\n${more}Acquire-By-Hash: yes`,
    `MD5Sum:\n d41d8cd98f00b204e9800998ecf8427e 0 main/binary-amd64/Packages\nSHA256:\n${lines.join("\n")}`,
    "-----BEGIN PGP SIGNATURE-----\n\nnobody's\n-----END PGP SIGNATURE-----\n",
  ].join("\n");
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A gpgv that finds every signature good, and no other program. */
export const believing: Run = ([command], input) => {
  if (command !== "gpgv") return undefined;
  const text = input
    .toString()
    .replace(/^[\s\S]*?\n\n/, "")
    .replace(/\n-----BEGIN PGP SIGNATURE[\s\S]*$/, "\n");
  return { status: 0, stdout: Buffer.from(text), stderr: "[GNUPG:] GOODSIG 0123456789ABCDEF somebody\n" };
};
