/** A unit that is active while the gateway forwards. */
import type { GatewayPlan } from "../../plan/front-door/gateways.ts";
import { readinessPart } from "../common.ts";

export const readiness = readinessPart<GatewayPlan>(import.meta.dirname);
