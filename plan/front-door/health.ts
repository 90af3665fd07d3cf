/** How the balancer learns whether a tunnel through a server works: the reasons are in plan/tunings/fixed-front-door.ts. */
import { fixedValues } from "../tunings/fixed.ts";

/** TCP port of a server's health endpoint: HTTP, 200 or 503 with the reason. */
export const HEALTH_PORT = fixedValues.healthPort;

/** The balancer's health check: seconds, and checks in a row. */
export const HEALTH_CHECK = {
  interval: fixedValues.healthInterval,
  timeout: fixedValues.healthTimeout,
  healthyThreshold: fixedValues.healthyThreshold,
  unhealthyThreshold: fixedValues.unhealthyThreshold,
};
