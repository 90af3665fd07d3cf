/** A unit that is active while tunnels can be dialled. */
import type { ServerPlan } from "../../plan/plan.ts";
import { readinessPart } from "../common.ts";

export const readiness = readinessPart<ServerPlan>(import.meta.dirname);
