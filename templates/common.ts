/** Parts that a server and a gateway both have, each with files of its own. */
import { type Part, part } from "./part.ts";

const READY = "pptp-fleet-ready.service";

/** @param facts of a machine's own template. */
export function readinessPart<M>(folder: string, facts: object = {}): Part<M> {
  return part(folder, {
    files: {
      [`/etc/systemd/system/${READY}`]: { restart: READY },
      "/usr/local/sbin/pptp-fleet-ready": { restart: READY },
    },
    units: [{ name: READY, start: "queued" }],
    facts: () => facts,
  });
}
