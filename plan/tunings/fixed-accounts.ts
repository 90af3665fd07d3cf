/** How often a server asks for its accounts, whatever the config. */
import type { FixedTuning } from "./fixed-tuning.ts";

const TIMER = "render/server.test.ts: ask for accounts every five minutes, and not all servers at once";

/** By name; part of `fixed`. */
export const fixedOfAccounts = {
  accountsInterval: {
    sets: "OnUnitInactiveSec of pptp-fleet-accounts.timer",
    value: 300,
    unit: "s",
    own: "none",
    why: "A changed account arrives after this and the spread at most.",
    costs: "12 calls of Secrets Manager an hour a server",
    source:
      "systemd.timer(5); our choice: soon enough for who waits, and some 0.04 USD a month, at 0.05 USD for 10,000 calls, as hivebook.wiki quotes aws.amazon.com/secrets-manager/pricing",
    test: TIMER,
  },
  accountsSpread: {
    sets: "RandomizedDelaySec of pptp-fleet-accounts.timer",
    value: 30,
    unit: "s",
    own: "0",
    why: "It keeps a fleet from asking all at once.",
    costs: "as much delay at most",
    source: "systemd.timer(5)",
    test: TIMER,
  },
} satisfies Record<string, FixedTuning>;
