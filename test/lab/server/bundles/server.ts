/** The shared server gets other bundles than the program's, on a disk that outlives a power cut where a test asks for one. */
import { createHash } from "node:crypto";
import { waitUntil } from "../../../../lab/host/wait.ts";
import type { BundleFile } from "../../../../render/bundle.ts";
import { bundled, type Status } from "../../shared/bundled.ts";
import { sharedLab, tunnelUp } from "../../shared/lab.ts";

export const SERVER = "a-1";

export const { status, look, bundleOf, publish } = bundled(async () => {
  const { run, servers, cloud } = await sharedLab();
  return { run, s3: cloud.s3, machines: Object.fromEntries(servers.map((each) => [each.name, each])) };
});

/** A client's tunnel comes up, and goes. */
export const dials = async (): Promise<void> => (await tunnelUp()).hangUp();

/** The server's report, once it has this bundle by itself. */
export function become(version: string): Promise<Status> {
  return waitUntil(
    `${SERVER}: bundle ${version}`,
    async () => {
      const now = await status(SERVER);
      return now.version === version && now.result === "applied" && now;
    },
    { timeoutMs: 180_000, evidence: async () => JSON.stringify(await status(SERVER)) },
  );
}

/** Each of these files' content and mode as one word, under a root of the server's; none for one that is not there. */
export async function wordsIn(root: string, paths: string[]): Promise<Record<string, string>> {
  const { agent } = (await sharedLab()).servers[0]!;
  const argv = ["/usr/bin/python3", "-c", WORDS, root, ...paths];
  const { stdout, stderr } = await agent.exec(argv);
  if (stderr !== "") throw new Error(stderr);
  return JSON.parse(stdout);
}

const WORDS = `import hashlib, json, os, sys
there = [p for p in sys.argv[2:] if os.path.isfile(sys.argv[1] + p)]
word = lambda p: f"{hashlib.sha256(open(p, 'rb').read()).hexdigest()} {os.stat(p).st_mode & 0o7777:o}"
print(json.dumps({p: word(sys.argv[1] + p) for p in there}))`;

/** The same word, of a file as a bundle has it. */
export const wordOf = ({ content, permissions }: BundleFile): string =>
  `${createHash("sha256").update(content).digest("hex")} ${permissions.replace(/^0/, "")}`;

/** Files of a bundle that lie otherwise on the server. */
export async function others(files: BundleFile[]): Promise<string[]> {
  const words = await wordsIn(
    "",
    files.map(({ path }) => path),
  );
  return files.filter((file) => words[file.path] !== wordOf(file)).map(({ path }) => path);
}
