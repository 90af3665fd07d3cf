/** How the tools image becomes a machine of the fleet that has not booted yet: `machine-root.sh`, and what it takes. */

import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { INTERNET } from "../network/topology.ts";

export const MACHINE_ROOT = join(import.meta.dirname, "machine-root.sh");

/** What apt asks on such a machine (lab/network/internet.ts). */
export const ARCHIVE = `http://${INTERNET.packages}/`;

const FOLDER = "lab";

/**
 * For a guest that is one machine by itself, under user-mode Linux: it has its packages and its kernel, and does the rest
 * of a first boot.
 *
 * @param ca Certificate of the authority that the machine trusts.
 */
export function machineGuest(runDir: string, name: string, ca: string): { payload: string; prepare: string } {
  const payload = join(runDir, `${name}.payload`);
  mkdirSync(join(payload, FOLDER), { recursive: true });
  cpSync(MACHINE_ROOT, join(payload, FOLDER, "machine-root.sh"));
  cpSync(ca, join(payload, FOLDER, "ca.crt"));
  return { payload, prepare: `bash /${FOLDER}/machine-root.sh guest / /${FOLDER}/ca.crt ${ARCHIVE}` };
}
