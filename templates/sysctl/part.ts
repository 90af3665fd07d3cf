/** A server's kernel settings. */

import type { ServerPlan } from "../../plan/plan.ts";
import { fixedValues } from "../../plan/tunings/fixed.ts";
import { part } from "../part.ts";

export const sysctl = part<ServerPlan>(import.meta.dirname, {
  files: { "/etc/sysctl.d/90-pptp-fleet.conf": "sysctl" },
  facts: ({ fleet: { kernel, timers, conntrack } }) => ({
    ...{ kernel, timers },
    conntrack: { ...conntrack, bypass: conntrack.mode === "bypass" },
    fixed: fixedValues,
  }),
});
