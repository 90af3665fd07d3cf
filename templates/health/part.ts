/** The endpoint by which the balancer learns whether a tunnel through the server works. */
import { HEALTH_CHECK, HEALTH_PORT } from "../../plan/front-door/health.ts";
import type { ServerPlan } from "../../plan/plan.ts";
import { CONTROL } from "../../protocols/pptp/flows.ts";
import { part } from "../part.ts";

const SERVICE = "pptp-fleet-health.service";

export const health = part<ServerPlan>(import.meta.dirname, {
  files: {
    [`/etc/systemd/system/${SERVICE}`]: { restart: SERVICE },
    "/usr/local/sbin/pptp-fleet-health": { restart: SERVICE },
  },
  packages: () => ["python3"],
  units: [{ name: SERVICE, start: "queued" }],
  facts: ({ fleet: { sessionsPerServer: sessions, limits } }) => ({
    controlPort: CONTROL.port,
    healthPort: HEALTH_PORT,
    pace: HEALTH_CHECK.interval,
    ...{ sessions, limits },
  }),
});
