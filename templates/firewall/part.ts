/** A server's own packet filter: its services, what its clients may reach, how much of it one address may take. */
import { HEALTH_PORT } from "../../plan/front-door/health.ts";
import type { FleetPlan, ServerPlan } from "../../plan/plan.ts";
import { CONTROL } from "../../protocols/pptp/flows.ts";
import { part } from "../part.ts";

export const firewall = part<ServerPlan>(import.meta.dirname, {
  files: { "/etc/nftables.conf": "nft -f" },
  packages: () => ["nftables"],
  // It stands before anything listens.
  units: [{ name: "nftables.service", start: "first", package: "nftables" }],
  facts: ({ fleet, machine: { clientPool } }) => ({
    pool: clientPool,
    controlPort: CONTROL.port,
    healthPort: HEALTH_PORT,
    administered: fleet.sshPublicKeys.length > 0,
    // With egress.mode `routed` alone: whoever may dial or administer from a network that reaches clients too.
    services: fleet.services,
    sizes: fleet.sizes,
    limits: fleet.limits,
    conntrack: { ...fleet.conntrack, bypass: fleet.conntrack.mode === "bypass" },
    egress: egressFacts(fleet),
  }),
});

function egressFacts({ egress: { mode, ...egress } }: FleetPlan) {
  return { ...egress, nat: mode === "nat", routed: mode === "routed", forwards: mode !== "none" };
}
