/**
 * From a stack's config to a fleet and what its operator is told, in one direction:
 *
 *     config ─▶ settings ─┬─▶ plan ─▶ files, user data ─▶ resources ─▶ outputs
 *      what AWS says ─────┘
 *
 * Each step's mistakes are refused before the next, and all of them before any resource.
 */
import * as pulumi from "@pulumi/pulumi";
import { ownAddressMistakes } from "../plan/own-addresses.ts";
import { vcpusByType } from "../plan/place/aws-facts.ts";
import { roomMistakes } from "../plan/place/room.ts";
import { makePlan, type Plan } from "../plan/plan.ts";
import { quotaWarnings } from "../plan/quotas/quotas.ts";
import { chainMistakes } from "../plan/tunnel/chain-mistakes.ts";
import { sizeMistakes } from "../plan/tunnel/mtu.ts";
import { queueMistakes } from "../plan/tunnel/queues.ts";
import { renderGateway, renderServer } from "../render/machine.ts";
import { type Mistake, report, underNamespace } from "../settings/mistakes.ts";
import { readSettings } from "../settings/read.ts";
import { DEFAULT_TAGS, defaultTagMistakes } from "../settings/rules/default-tags.ts";
import { SET_USERS, type Settings } from "../settings/schema.ts";
import { askAws } from "./ask/ask.ts";
import { addressWarnings, askElasticIps } from "./ask/elastic-ips.ts";
import { takenAddressMistakes } from "./ask/taken-addresses.ts";
import { Fleet, type ServerOutputs } from "./fleet.ts";
import { skipPromiseDebugging } from "./promise-debugging.ts";
import { quotaNeeds } from "./quotas/needs.ts";
import { quotaMistakes } from "./quotas/quota-mistakes.ts";
import { Registrations } from "./quotas/registrations.ts";
import { othersConfig, stackConfig } from "./stack-config.ts";

/** What `pulumi stack output` shows of a fleet. */
export interface FleetOutputs {
  /** Addresses to dial: any of them. */
  dial: pulumi.Output<string>[];
  /** The name to dial, where there is one. */
  name?: string;
  /** What a device sees when what it dials is gone, in a sentence. */
  whenAnAddressDies: string;
  /** By name. */
  servers: Record<string, ServerOutputs>;
  /** Commands for SSH by server's name, or why nobody can. */
  administer: string | Record<string, pulumi.Output<string>>;
}

/** Stacks whose program has called for its fleet. */
const stacksWithFleet = new WeakSet<pulumi.Resource>();

/**
 * The fleet of this stack; one a stack. `index.ts` is this and nothing else, and a program with resources of its own calls it
 * beside them (docs/program.md). Region and credentials are those of the stack's default AWS provider.
 *
 * @param namespace Whose keys of the stack's config are the fleet's: `pptp-fleet:servers`. @default the project's name, as
 * `pulumi config set servers 4` has it. Messages name keys by it; resources bear the project's name, whichever it is.
 * @throws pulumi.RunError with all of an operator's mistakes, before any resource, and without a stack trace; or where the
 * stack's program has called it before.
 */
export async function deployFleet(namespace = pulumi.getProject()): Promise<FleetOutputs> {
  oncePerStack();
  skipPromiseDebugging();
  const { valueOrThrow, throwIfAny, warn } = operatorOf(namespace);
  const owner = { project: pulumi.getProject(), stack: pulumi.getStack() };
  const { settings } = valueOrThrow(readSettings(...stackConfig(namespace)));
  throwIfAny([
    ...sizeMistakes(settings),
    ...chainMistakes(settings),
    ...defaultTagMistakes(...othersConfig(DEFAULT_TAGS)),
  ]);
  const { facts } = valueOrThrow(await askAws(settings, owner));
  throwIfAny([...roomMistakes(settings, facts), ...queueMistakes(settings, facts)]);
  const plan = makePlan(settings, facts, owner.stack, owner.project);
  throwIfAny([
    ...ownAddressMistakes(settings, plan),
    ...quotaMistakes(plan),
    ...(await takenAddressMistakes(plan, owner)),
  ]);
  const machines = plan.servers.map((server) => renderServer(plan, server));
  const gatewayMachines = plan.gateways.map((gateway) => renderGateway(plan, gateway));
  const { adopted } = valueOrThrow(await askElasticIps(settings, plan, owner));

  warn([...settingsWarnings(settings, plan), ...(await addressWarnings(plan, adopted, owner))]);

  const registrations = new Registrations();
  const fleet = new Fleet(
    owner.project,
    { owner, plan, machines, gatewayMachines, adopted, users: pulumi.secret(settings.users) },
    { transformations: [registrations.transformation] },
  );
  const needs = quotaNeeds(registrations.resources, vcpusByType(settings, facts));
  warn(quotaWarnings(needs, facts.region));
  return {
    dial: fleet.dial,
    ...(settings.dialName === undefined ? {} : { name: settings.dialName }),
    whenAnAddressDies: whenAnAddressDies(plan),
    servers: fleet.servers,
    administer: administration(fleet, plan, namespace),
  };
}

/** How to get onto a server, by name, or why nobody can. */
function administration(
  fleet: Fleet,
  { fleet: { adminCidrs, frontDoor } }: Plan,
  namespace: string,
): FleetOutputs["administer"] {
  if (adminCidrs.length === 0)
    return `closed: set ${namespace}:adminCidrs and ${namespace}:sshPublicKeys to open SSH`;
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

/** @throws pulumi.RunError for a second fleet: its resources would have the names of the first one's. */
function oncePerStack(): void {
  const stack = pulumi.runtime.getStackResource();
  if (stack === undefined) return;
  if (stacksWithFleet.has(stack))
    throw new pulumi.RunError(
      "deployFleet is called twice: a stack has one fleet, and a second one is a stack of its own (pulumi stack init <name>)",
    );
  stacksWithFleet.add(stack);
}

/** How an operator is told of things, with the keys under the namespace that the stack's config has them in. */
function operatorOf(namespace: string) {
  /** @throws pulumi.RunError with mistakes, where there are any. */
  const throwIfAny = (mistakes: Mistake[]): void => {
    if (mistakes.length > 0) throw new pulumi.RunError(report(mistakes, namespace));
  };
  return {
    throwIfAny,
    /** What a step found out. @throws pulumi.RunError with its mistakes, where it has any. */
    valueOrThrow: <T extends object>(result: T | { mistakes: Mistake[] }): T => {
      if ("mistakes" in result) throwIfAny(result.mistakes);
      return result as T;
    },
    warn: (warnings: string[]): void => {
      for (const warning of warnings) pulumi.log.warn(underNamespace(warning, namespace));
    },
  };
}

/** What is allowed, and hardly meant: a sentence each. */
function settingsWarnings(
  { users, allowedCidrs, adminCidrs }: Settings,
  { gateways, servers }: Plan,
): string[] {
  return [
    ...(users.length > 0 ? [] : [`nobody can dial: pptp-fleet:users holds no account (${SET_USERS})`]),
    ...gateways
      .filter(({ zone }) => servers.every((server) => server.zone !== zone))
      .map(
        ({ name, zone }) =>
          `${zone} has ${name} and no server: set pptp-fleet:servers to as many as there are zones, or name fewer in pptp-fleet:zones`,
      ),
    ...Object.entries({ allowedCidrs, adminCidrs })
      .filter(([, cidrs]) => cidrs.includes("0.0.0.0/0"))
      .map(([key]) => `pptp-fleet:${key} opens the fleet to the whole internet`),
  ];
}
