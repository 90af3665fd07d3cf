/** A gateway's kernel settings. */
import { fixedValues } from "../../plan/fixed.ts";
import type { GatewayPlan } from "../../plan/gateways.ts";
import { part } from "../part.ts";

export const sysctl = part<GatewayPlan>(import.meta.dirname, {
  files: {
    "/etc/modules-load.d/pptp-fleet.conf": { restart: "systemd-modules-load.service" },
    "/etc/sysctl.d/90-pptp-fleet.conf": "sysctl",
  },
  facts: ({ fleet: { conntrack } }) => ({ conntrack, fixed: fixedValues }),
});
