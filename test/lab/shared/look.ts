/** Looks of a machine at its bundle: by itself once a minute, but for those that tests share. */

import { EVIDENCE } from "../../../lab/guest/first-boot.ts";

/** The last one by itself; one that is under way is waited for. Where it fails, the machine says why. */
export const LOOK_AND_NO_MORE = `systemctl stop pptp-fleet-apply.timer
  systemctl start pptp-fleet-apply.service || { { ${EVIDENCE}
  } >&2; exit 1; }`;
