/** The program: config in, outputs out, one direction (docs: the README's map). */
import * as pulumi from "@pulumi/pulumi";
import { askAws } from "./components/ask/ask.ts";
import { addressWarnings, askElasticIps } from "./components/ask/elastic-ips.ts";
import { takenAddressMistakes } from "./components/ask/taken-addresses.ts";
import { Fleet } from "./components/fleet.ts";
import { skipPromiseDebugging } from "./components/promise-debugging.ts";
import { quotaNeeds } from "./components/quotas/needs.ts";
import { quotaMistakes } from "./components/quotas/quota-mistakes.ts";
import { Registrations } from "./components/quotas/registrations.ts";
import { othersConfig, stackConfig } from "./components/stack-config.ts";
import { ownAddressMistakes } from "./plan/own-addresses.ts";
import { vcpusByType } from "./plan/place/aws-facts.ts";
import { roomMistakes } from "./plan/place/room.ts";
import { makePlan, type Plan } from "./plan/plan.ts";
import { quotaWarnings } from "./plan/quotas/quotas.ts";
import { chainMistakes } from "./plan/tunnel/chain-mistakes.ts";
import { sizeMistakes } from "./plan/tunnel/mtu.ts";
import { queueMistakes } from "./plan/tunnel/queues.ts";
import { renderGateway } from "./render/gateway.ts";
import { renderServer } from "./render/server.ts";
import { userDataMistakes } from "./render/user-data-size.ts";
import { type Mistake, report } from "./settings/mistakes.ts";
import { readSettings } from "./settings/read.ts";
import { DEFAULT_TAGS, defaultTagMistakes } from "./settings/rules/default-tags.ts";
import type { Settings } from "./settings/schema.ts";

export default async () => {
  skipPromiseDebugging();
  const owner = { project: pulumi.getProject(), stack: pulumi.getStack() };
  const { settings } = valueOrThrow(readSettings(...stackConfig()));
  throwIfAny([
    ...sizeMistakes(settings),
    ...chainMistakes(settings),
    ...defaultTagMistakes(...othersConfig(DEFAULT_TAGS), settings),
  ]);
  const { facts } = valueOrThrow(await askAws(settings, owner));
  throwIfAny([...roomMistakes(settings, facts), ...queueMistakes(settings, facts)]);
  const plan = makePlan(settings, facts, owner.stack);
  throwIfAny([
    ...ownAddressMistakes(settings, plan),
    ...quotaMistakes(plan),
    ...(await takenAddressMistakes(plan, owner)),
  ]);
  const machines = plan.servers.map((server) => renderServer(plan, server));
  const gatewayMachines = plan.gateways.map((gateway) => renderGateway(plan, gateway));
  throwIfAny(userDataMistakes(plan, [...machines, ...gatewayMachines]));
  const { adopted } = valueOrThrow(await askElasticIps(settings, plan, owner));

  warn(settings, plan);
  for (const warning of await addressWarnings(plan, adopted, owner)) pulumi.log.warn(warning);

  const registrations = new Registrations();
  const fleet = new Fleet(
    owner.project,
    { owner, plan, machines, gatewayMachines, adopted, users: pulumi.secret(settings.users) },
    { transformations: [registrations.transformation] },
  );
  const needs = quotaNeeds(registrations.resources, vcpusByType(settings, facts));
  for (const warning of quotaWarnings(needs, facts.region)) pulumi.log.warn(warning);
  return {
    dial: fleet.dial,
    ...(settings.dialName === undefined ? {} : { name: settings.dialName }),
    whenAnAddressDies: whenAnAddressDies(plan),
    servers: fleet.servers,
    administer: administration(fleet, plan),
  };
};

/** How to get onto a server, by name, or why nobody can. */
function administration(fleet: Fleet, { fleet: { adminCidrs, frontDoor } }: Plan) {
  if (adminCidrs.length === 0)
    return "closed: set pptp-fleet:adminCidrs and pptp-fleet:sshPublicKeys to open SSH";
  return Object.fromEntries(
    Object.entries(fleet.servers).map(([name, { privateAddress, publicAddress }]) => [
      name,
      frontDoor === "nlb"
        ? pulumi.interpolate`ssh -J admin@${publicAddress} admin@${privateAddress}`
        : pulumi.interpolate`ssh admin@${publicAddress}`,
    ]),
  );
}

/** What a device sees when what it dials is gone, which depends on what it can dial. */
function whenAnAddressDies({ fleet: { frontDoor, name } }: Plan): string {
  const behind = frontDoor === "nlb" ? "a zone and all of its servers" : "one server";
  return name === undefined
    ? `each address of dial is ${behind}: a device that dials a number redials a dead one until it is given another, so give each device all of them`
    : `Route 53 takes an address that is ${behind} out of ${name.dialName} while alarms speak against it: a device that dials the name and asks again redials another`;
}

/** What a step found out. @throws RunError with its mistakes, where it has any. */
function valueOrThrow<T extends object>(result: T | { mistakes: Mistake[] }): T {
  if ("mistakes" in result) throwIfAny(result.mistakes);
  return result as T;
}

/** @throws RunError with all of an operator's mistakes, before any resource, and without a stack trace. */
function throwIfAny(mistakes: Mistake[]): void {
  if (mistakes.length > 0) throw new pulumi.RunError(report(mistakes));
}

/** What is allowed, and hardly meant. */
function warn({ users, allowedCidrs, adminCidrs }: Settings, { gateways, servers }: Plan): void {
  if (users.length === 0) {
    pulumi.log.warn(
      "nobody can dial: pptp-fleet:users holds no account (pulumi config set --secret pptp-fleet:users < users.json)",
    );
  }
  for (const { name, zone } of gateways) {
    if (servers.every((server) => server.zone !== zone))
      pulumi.log.warn(
        `${zone} has ${name} and no server: set pptp-fleet:servers to as many as there are zones, or name fewer in pptp-fleet:zones`,
      );
  }
  for (const [key, cidrs] of Object.entries({ allowedCidrs, adminCidrs })) {
    if (cidrs.includes("0.0.0.0/0"))
      pulumi.log.warn(`pptp-fleet:${key} opens the fleet to the whole internet`);
  }
}
