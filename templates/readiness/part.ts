/** A unit that is active while tunnels can be dialled. */
import type { ServerPlan } from "../../plan/plan.ts";
import { CONTROL } from "../../protocols/pptp/flows.ts";
import { readinessPart } from "../common.ts";

export const readiness = readinessPart<ServerPlan>(import.meta.dirname, {
  controlPort: CONTROL.port,
  // As /proc/net/tcp has it.
  controlPortHex: CONTROL.port.toString(16).toUpperCase().padStart(4, "0"),
});
