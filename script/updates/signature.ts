/** Whether Debian has signed a text: by gpgv or sqv, one of which every Debian has, and its keyring. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Run, runHere } from "./programs.ts";

/** Debian's own, in its package debian-archive-keyring. */
export const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Signatures of a text, as far as they could be looked at. */
export type Verdict =
  /** The text that is signed, which is not all that the file holds, and the program's name. */
  | { signed: string; by: string }
  | { refused: string }
  /** Nobody has looked. */
  | { unchecked: string };

/**
 * Looks at a text in the Cleartext Signature Framework (RFC 9580, 7), as InRelease is. One good signature is enough, as for
 * apt: a release is signed by keys of two releases, and an older keyring has one of them.
 *
 * @param keyring a file of certificates, binary.
 */
export function verify(text: string, keyring: string, run: Run = runHere): Verdict {
  return (
    byGpgv(text, keyring, run) ?? bySqv(text, keyring, run) ?? { unchecked: "neither gpgv nor sqv is here" }
  );
}

function byGpgv(text: string, keyring: string, run: Run): Verdict | undefined {
  const ended = run(["gpgv", "--keyring", keyring, "--status-fd", "2", "--output", "-", "-"], text);
  if (ended === undefined) return undefined;
  const words: string[] = ended.stderr.match(/(?<=^\[GNUPG:\] )\w+/gm) ?? [];
  if (words.includes("GOODSIG") && !words.includes("BADSIG"))
    return { signed: ended.stdout.toString(), by: "gpgv" };
  return { refused: `gpgv: ${lastLine(ended.stderr)}` };
}

/** It writes to a new file only, and reads no socket, which is what Node gives as stdin. */
function bySqv(text: string, keyring: string, run: Run): Verdict | undefined {
  const folder = mkdtempSync(join(tmpdir(), "pptp-fleet-updates-"));
  try {
    const [given, signed] = [join(folder, "given"), join(folder, "signed")];
    writeFileSync(given, text);
    const ended = run(["sqv", "--keyring", keyring, "--cleartext", "--output", signed, given], "");
    if (ended === undefined) return undefined;
    return ended.status === 0
      ? { signed: readFileSync(signed, "utf8"), by: "sqv" }
      : { refused: `sqv: ${ended.stderr.trim().split("\n")[0]}` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function lastLine(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("[GNUPG:]"));
  return lines.at(-1)?.trim() ?? "it says nothing";
}
