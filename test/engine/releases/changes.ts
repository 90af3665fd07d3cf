/**
 * What an update from each release to the present program does to a fleet that stands, under the config that it has. Whoever
 * changes what a release made writes it here; upgrade.test.ts fails while it is not so, and says what to write.
 * `npx vitest run --project unit test/engine/releases/upgrade.test.ts -u` puts it into docs/upgrade.md.
 *
 *     "0.1.0": [
 *       { change: "Echoes each 20 s by default", nlb: SERVERS, eip: SERVERS },
 *       {
 *         change: "Routed clients are counted",
 *         stacks: ["routed"],
 *         nlb: { created: ["MetricAlarm <server>-clients"] },
 *         eip: NOTHING,
 *       },
 *     ],
 */
import type { Touched } from "../cases/case.ts";
import type { Update } from "./update.ts";

/** Another file on each server. */
export const SERVERS: Touched = { replaced: ["Instance <server>"] };

/** Another file on each gateway: made first, its address and the routes of its zone move to it. */
export const GATEWAYS: Touched = {
  replaced: ["Instance gateway-<zone>", "EipAssociation gateway-<zone>"],
  updated: ["Route <zone>", "Route balancer-<zone>"],
};

export const updates: Record<string, Update[]> = {
  "0.1.0": [],
};
