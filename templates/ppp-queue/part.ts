/** How many packets may wait to go into a tunnel. */
import type { ServerPlan } from "../../plan/plan.ts";
import { part } from "../part.ts";

export const pppQueue = part<ServerPlan>(import.meta.dirname, {
  files: { "/etc/ppp/ip-up.d/pptp-fleet": "next session" },
  packages: () => ["iproute2"],
  facts: ({ fleet: { nic } }) => ({ nic }),
});
