/** The program that makes a machine what its bundle says, and nothing beside it that changes packages. */
import { CONTROL } from "../../protocols/pptp/flows.ts";
import { type Part, part } from "../part.ts";

/** Where the bootstrap finds it in the bundle (render/bootstrap/). */
export const APPLY = "/usr/local/sbin/pptp-fleet-apply";

/** Of either machine. */
export const apply: Part<unknown> = part(import.meta.dirname, {
  files: {
    // Each run is by the program of the bundle itself.
    [APPLY]: "nothing",
    "/etc/apt/apt.conf.d/90-pptp-fleet.conf": "nothing",
  },
  packages: () => ["python3"],
  // Debian's own would reach every machine of a fleet within a day, past any canary, and restart what carries tunnels.
  masks: ["apt-daily.timer", "apt-daily-upgrade.timer", "unattended-upgrades.service"],
  facts: () => ({ controlPort: CONTROL.port }),
});
