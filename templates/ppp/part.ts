/** pppd's options, for every session. */
import type { ServerPlan } from "../../plan/plan.ts";
import { part } from "../part.ts";

/** pppd's word for each strength. Not `require-mppe`: pppd then offers 40 bits alone, and refuses 128 (measured). */
const MPPE = { "128": "require-mppe-128", "40": "require-mppe-40", none: "nomppe" } as const;

export const ppp = part<ServerPlan>(import.meta.dirname, {
  files: { "/etc/ppp/pptpd-options": "next session" },
  packages: () => ["ppp"],
  facts: ({ fleet: { sizes, timers, dns, ppp } }) => ({
    ...{ sizes, timers, dns },
    ppp: { ...ppp, mppe: MPPE[ppp.mppe] },
  }),
});
