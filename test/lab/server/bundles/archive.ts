/** A newer version of a package that is on the server, from an archive on the server itself. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { onServer, sharedLab } from "../../shared/lab.ts";

/** What carries the tunnels. */
export const PACKAGE = "pptpd";

/** Where `<SLOW>.preinst` or `<SLOW>.postinst` lies, that script of it takes very long; it goes with the boot. */
export const SLOW = "/run/lab-slow";

const ARCHIVE = readFileSync(join(import.meta.dirname, "archive.sh"));

/** As dpkg has it: its state and its version. */
export const state = async (): Promise<string> =>
  (await onServer(`dpkg-query -W -f '\${db:Status-Abbrev} \${Version}' ${PACKAGE}`)).trim();

/** Makes the archive, with `+lab<n>` as the one version. @returns the version that is there, and that one. */
export async function archive(n: number): Promise<[former: string, newer: string]> {
  const { agent } = (await sharedLab()).servers[0]!;
  const argv = ["/bin/bash", "-s", PACKAGE, `${n}`, SLOW];
  const { code, stdout, stderr } = await agent.exec(argv, { input: ARCHIVE, timeoutMs: 120_000 });
  if (code !== 0) throw new Error(`no archive of ${PACKAGE}: ${stderr}`);
  return stdout.trim().split("\n") as [string, string];
}
