/** Who may dial: from Secrets Manager into chap-secrets, at boot and again and again. */
import type { ServerPlan } from "../../plan/plan.ts";
import { fixedValues } from "../../plan/tunings/fixed.ts";
import { part } from "../part.ts";

const SERVICE = "pptp-fleet-accounts.service";
const TIMER = "pptp-fleet-accounts.timer";

export const accounts = part<ServerPlan>(import.meta.dirname, {
  files: {
    [`/etc/systemd/system/${SERVICE}`]: { restart: SERVICE },
    [`/etc/systemd/system/${TIMER}`]: { restart: TIMER },
    "/usr/local/sbin/pptp-fleet-accounts": "nothing",
  },
  packages: () => ["ca-certificates", "curl", "jq"],
  units: [
    { name: SERVICE, start: "wanted" },
    { name: TIMER, start: "queued" },
  ],
  facts: ({ fleet: { accountsSecret } }) => ({ accountsSecret, fixed: fixedValues }),
});
