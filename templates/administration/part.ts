/** Who may log in by SSH, as Debian's own user `admin`. Nobody can where there is no key. */
import type { FleetPlan } from "../../plan/plan.ts";
import { type Part, part } from "../part.ts";

/** Of either machine. */
export const administration: Part<unknown> = part(import.meta.dirname, {
  on: ({ sshPublicKeys }: FleetPlan) => sshPublicKeys.length > 0,
  files: {
    "/etc/ssh/authorized_keys.d/admin": "nothing",
    "/etc/ssh/sshd_config.d/50-pptp-fleet.conf": { reload: "ssh.service" },
  },
  apart: true,
  facts: ({ fleet: { sshPublicKeys } }) => ({ keys: sshPublicKeys }),
});
