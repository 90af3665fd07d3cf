/** Interrupts of network cards moved by load: a daemon of Debian's, with its own defaults. */
import type { ServerPlan } from "../../plan/plan.ts";
import { part } from "../part.ts";

export const irqbalance = part<ServerPlan>(import.meta.dirname, {
  on: ({ nic }) => nic.irq === "irqbalance",
  files: {},
  packages: () => ["irqbalance"],
});
