/** A server's first boot, after the reboot to the kernel that has PPP. */
import type { ServerPlan } from "../../plan/plan.ts";
import { firstBootPart } from "../common.ts";

export const firstBoot = firstBootPart<ServerPlan>(import.meta.dirname);
