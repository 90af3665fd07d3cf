/** A gateway's first boot, as soon as its files lie there. */
import type { GatewayPlan } from "../../plan/front-door/gateways.ts";
import { firstBootPart } from "../common.ts";

export const firstBoot = firstBootPart<GatewayPlan>(import.meta.dirname);
