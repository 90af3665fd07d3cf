/** A gateway's kernel settings. */

import type { GatewayPlan } from "../../plan/front-door/gateways.ts";
import { fixedValues } from "../../plan/tunings/fixed.ts";
import { part } from "../part.ts";

export const sysctl = part<GatewayPlan>(import.meta.dirname, {
  files: {
    "/etc/modules-load.d/pptp-fleet.conf": { restart: "systemd-modules-load.service" },
    "/etc/sysctl.d/90-pptp-fleet.conf": "sysctl",
  },
  facts: ({ fleet: { conntrack } }) => ({ conntrack, fixed: fixedValues }),
});
