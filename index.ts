/** The program: config in, outputs out, one direction (docs: the README's map). */
import * as pulumi from "@pulumi/pulumi";
import { askAws } from "./components/ask.ts";
import { Fleet } from "./components/fleet.ts";
import { stackConfig } from "./components/stack-config.ts";
import { brokenChains } from "./plan/broken-chains.ts";
import { sizeMistakes } from "./plan/mtu.ts";
import { makePlan } from "./plan/plan.ts";
import { lackOfRoom } from "./plan/room.ts";
import { renderServer, tooLarge } from "./render/server.ts";
import { type Mistake, report } from "./settings/mistakes.ts";
import { readSettings } from "./settings/read.ts";
import type { Settings } from "./settings/schema.ts";

export default async () => {
  const owner = { project: pulumi.getProject(), stack: pulumi.getStack() };
  const { settings } = orRefuse(readSettings(...stackConfig()));
  refuse([...sizeMistakes(settings), ...brokenChains(settings)]);
  const { site } = orRefuse(await askAws(settings));
  refuse(lackOfRoom(settings, site));
  const plan = makePlan(settings, site, owner.stack);
  const machines = plan.servers.map((server) => renderServer(plan, server));
  refuse(tooLarge(machines));

  warn(settings);

  const fleet = new Fleet(owner.project, { owner, plan, machines, users: pulumi.secret(settings.users) });
  return {
    dial: fleet.dial,
    servers: fleet.servers,
    administer: administration(fleet, plan.fleet.adminCidrs),
  };
};

/** How to get onto a server, or why nobody can. */
function administration(fleet: Fleet, adminCidrs: string[]) {
  if (adminCidrs.length === 0)
    return "closed: set pptp-fleet:adminCidrs and pptp-fleet:sshPublicKeys to open SSH";
  return fleet.dial.map((address) => pulumi.interpolate`ssh admin@${address}`);
}

function orRefuse<T extends object>(result: T | { mistakes: Mistake[] }): T {
  if ("mistakes" in result) refuse(result.mistakes);
  return result as T;
}

/** An operator's mistake is told whole, before any resource, and without a stack trace. */
function refuse(mistakes: Mistake[]): void {
  if (mistakes.length > 0) throw new pulumi.RunError(report(mistakes));
}

/** What is allowed, and hardly meant. */
function warn({ users, allowedCidrs, adminCidrs }: Settings): void {
  if (users.length === 0) {
    pulumi.log.warn(
      "nobody can dial: pptp-fleet:users holds no account (pulumi config set --secret pptp-fleet:users < users.json)",
    );
  }
  for (const [key, cidrs] of Object.entries({ allowedCidrs, adminCidrs })) {
    if (cidrs.includes("0.0.0.0/0"))
      pulumi.log.warn(`pptp-fleet:${key} opens the fleet to the whole internet`);
  }
}
