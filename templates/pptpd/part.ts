/** pptpd: the control connections, and a pppd for each session. */

import type { ServerPlan } from "../../plan/plan.ts";
import { fixedValues } from "../../plan/tunings/fixed.ts";
import { CALL_ID_STEP, CALL_IDS_PER_SERVER, PPTPD_CALL_ID_STEP } from "../../protocols/pptp/call-ids.ts";
import { part } from "../part.ts";

export const pptpd = part<ServerPlan>(import.meta.dirname, {
  files: {
    "/etc/default/pptpd": "redial",
    "/etc/modules-load.d/pptpd.conf": { restart: "systemd-modules-load.service" },
    "/etc/pptpd.conf": "redial",
    "/etc/systemd/system/pptpd.service.d/pptp-fleet.conf": "redial",
    "/usr/sbin/pptpctrl": "next session",
  },
  packages: () => ["pptpd"],
  units: [{ name: "pptpd.service", start: "queued", package: "pptpd" }],
  before: [
    {
      // Before the package is there: its pptpctrl then goes where ours starts it, at each update too.
      name: "pptp-fleet-divert",
      script:
        "dpkg-divert --quiet --local --rename --divert /usr/lib/pptpd/pptpctrl --add /usr/sbin/pptpctrl",
    },
  ],
  facts: ({
    fleet: { sessionsPerServer: sessions, timers, conntrack, kernel },
    machine: { clientPool: pool, callIds },
  }) => ({
    ...{ pool, sessions, callIds, timers, conntrack, kernel, fixed: fixedValues },
    ids: { count: CALL_IDS_PER_SERVER, step: CALL_ID_STEP, pptpdStep: PPTPD_CALL_ID_STEP },
  }),
});
