/** The clock: by the time service inside the VPC. */
import type { ServerPlan } from "../../plan/plan.ts";
import { part } from "../part.ts";

export const time = part<ServerPlan>(import.meta.dirname, {
  files: { "/etc/systemd/timesyncd.conf.d/pptp-fleet.conf": { restart: "systemd-timesyncd.service" } },
});
