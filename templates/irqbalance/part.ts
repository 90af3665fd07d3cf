/** Interrupts of network cards moved by load: a daemon of Debian's, with its own defaults. */
import type { ServerPlan } from "../../plan/plan.ts";
import { part } from "../part.ts";

export const irqbalance = part<ServerPlan>(import.meta.dirname, {
  on: ({ nic }) => nic.irq === "irqbalance",
  files: {},
  packages: () => ["irqbalance"],
  // The package starts it. On one CPU it ends at once, by itself, so nothing else does.
  units: [{ name: "irqbalance.service", start: "wanted", package: "irqbalance" }],
});
