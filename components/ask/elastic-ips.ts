/**
 * What the program asks of AWS about Elastic IPs: as components/ask/ask.ts, of which this is a part.
 *
 *     getElasticIp                         of each that `elasticIps` names: is it there, and who has it
 *     getInstances, getNetworkInterfaces   with the stack's tags: whether that is a machine of ours
 *     getEips                              with the stack's tags: which it has made, so which it gives up
 */
import * as aws from "@pulumi/aws";
import {
  type Adopted,
  type AdoptedIps,
  type Assignment,
  addressOf,
  assign,
  filtersOf,
  membersOf,
} from "../../plan/front-door/elastic-ips.ts";
import { letter } from "../../plan/place/identity.ts";
import type { Plan } from "../../plan/plan.ts";
import { remove, setPath } from "../../settings/keys/facts.ts";
import { type Mistake, printable } from "../../settings/mistakes.ts";
import type { Settings } from "../../settings/schema.ts";
import type { Owner } from "../tags.ts";
import { attempt } from "./attempt.ts";

type Found = Awaited<ReturnType<typeof aws.ec2.getElasticIp>>;

/** The Elastic IPs that `elasticIps` names, or all that AWS's answers say against them. */
export async function askElasticIps(
  { elasticIps }: Pick<Settings, "elasticIps">,
  plan: Plan,
  owner: Owner,
): Promise<{ adopted: AdoptedIps } | { mistakes: Mistake[] }> {
  const named = Object.entries(elasticIps);
  if (named.length === 0) return { adopted: {} };
  const machines = await attempt(() => ownMachines(owner));
  const answers = await Promise.all(
    named.map(async ([member, id]) => {
      const found = await attempt(() => aws.ec2.getElasticIp({ id }));
      return { member, id, found };
    }),
  );
  const mistakes: Mistake[] = [];
  const adopted: AdoptedIps = {};
  for (const { member, id, found } of answers) {
    const refuse = (allowed: string, fix: string) =>
      mistakes.push({ key: `elasticIps.${member}`, value: printable(id), allowed, fix });
    if ("refused" in found)
      refuse(
        `an Elastic IP of ${plan.fleet.region}; AWS says: ${found.refused}`,
        "check the ID and aws:region",
      );
    else if ("refused" in machines)
      refuse(
        `an Elastic IP on no other machine; who has it AWS does not say: ${machines.refused}`,
        "allow ec2:DescribeInstances and ec2:DescribeNetworkInterfaces",
      );
    else {
      const misfit = misfitOf(member, found.value, { plan, owner, machines: machines.value, adopted });
      if (misfit !== undefined) refuse(...misfit);
      else adopted[member] = adoptedOf(found.value, owner);
    }
  }
  return mistakes.length > 0 ? { mistakes } : { adopted };
}

function adoptedOf({ id, publicIp, tags }: Found, owner: Owner): Adopted {
  const madeAs = nameOf(tags, owner);
  return { allocationId: id, publicIp, ...(madeAs === undefined ? {} : { madeAs }) };
}

/** The name of an address that this stack has made, by its tags: `aws:defaultTags` may have tags of these keys too. */
function nameOf({ project, stack, server, gateway }: Found["tags"], owner: Owner): string | undefined {
  if (project !== owner.project || stack !== owner.stack) return undefined;
  const machine = [gateway, server].find((each) => each !== undefined && MACHINE.test(each));
  return machine === undefined ? undefined : addressOf(machine);
}

const MACHINE = /^(gateway-[a-h]|[a-h]-[1-9]\d*)$/;

/** What an address is judged by. */
interface Circumstances {
  plan: Plan;
  owner: Owner;
  /** IDs of instances and interfaces. */
  machines: Set<string>;
  /** Those that are found right. */
  adopted: AdoptedIps;
}

/** What speaks against an address under its member. */
function misfitOf(
  member: string,
  address: Found,
  { plan, owner, machines, adopted }: Circumstances,
): [allowed: string, fix: string] | undefined {
  const { domain, publicIp, associationId, instanceId, networkInterfaceId } = address;
  const leaveOut = remove(`elasticIps.${member}`);
  const madeAs = nameOf(address.tags, owner);
  if (madeAs !== undefined) {
    if (!membersOf(madeAs).includes(member))
      return [
        `an address that is not another machine's; this stack has made ${publicIp} as ${madeAs}`,
        `name it ${membersOf(madeAs).join(" or ")}, or ${leaveOut}`,
      ];
    const twin = Object.entries(adopted).find(([, other]) => other.madeAs === madeAs);
    if (twin !== undefined)
      return [`one address that this stack has made as ${madeAs}; ${twin[0]} is another`, leaveOut];
  } else if (!isKnown(member, plan))
    return [`a zone or server of this stack: ${known(plan)}`, `${leaveOut}; the address stays allocated`];
  if (domain !== "vpc") return [`an Elastic IP for VPCs; the domain of ${publicIp} is ${domain}`, leaveOut];
  const holder = instanceId || networkInterfaceId;
  if (!associationId || machines.has(instanceId) || machines.has(networkInterfaceId)) return undefined;
  return [
    `an Elastic IP that is free, or on a machine of this stack; ${publicIp} is on ${holder}`,
    `aws ec2 disassociate-address --region ${plan.fleet.region} --association-id ${associationId}, once nobody needs it there`,
  ];
}

function isKnown(member: string, { fleet, servers }: Plan): boolean {
  return (
    fleet.zones.some(({ name }) => letter(name) === member) || servers.some(({ name }) => name === member)
  );
}

/** `a, b, a-1 to a-3, b-1 to b-2`. */
function known({ fleet, servers }: Plan): string {
  const letters = fleet.zones.map(({ name }) => letter(name));
  const named = fleet.zones.flatMap((zone) => {
    const names = servers.filter((server) => server.zone === zone.name).map(({ name }) => name);
    return names.length < 2 ? names : [`${names[0]} to ${names.at(-1)}`];
  });
  return [...letters, ...named].join(", ");
}

/** Interfaces of gateways come with their instances, and have no tags; those of servers may be there without one. */
async function ownMachines({ project, stack }: Owner): Promise<Set<string>> {
  const tags = { project, stack };
  const instanceStateNames = ["pending", "running", "shutting-down", "stopping", "stopped"];
  const [instances, interfaces] = await Promise.all([
    aws.ec2.getInstances({ instanceTags: tags, instanceStateNames }),
    aws.ec2.getNetworkInterfaces({ tags }),
  ]);
  return new Set([...instances.ids, ...interfaces.ids]);
}

/**
 * A sentence for each number that does not stay as it is: those that the stack has made and that this config has no use
 * for, and those of `elasticIps` that are on no machine. To be told before anything is done.
 *
 * Which of them the state has, and which it must not release, no program can ask. What it releases is on a machine until
 * then, but for what an `up` that ended half-way has left; what nobody releases never is.
 */
export async function addressWarnings(plan: Plan, adopted: AdoptedIps, owner: Owner): Promise<string[]> {
  const assignment = assign(plan.elasticIps, adopted);
  const idle = assignment.idle.map(
    (member) =>
      `${adopted[member]!.publicIp} (elasticIps.${member}) is on no machine of this config: whoever dials it reaches nothing. It stays allocated, and costs`,
  );
  const left = await attempt(() => askLeft(assignment, owner));
  if ("refused" in left)
    return [...idle, `nobody can say which numbers do not stay; AWS says: ${left.refused}`];
  return [
    ...idle,
    ...left.value.map(({ publicIp, id, name, idle: isIdle }) => {
      const keep = `To keep it: ${keepBy(name, id, plan, adopted)}`;
      return isIdle
        ? `${publicIp} (${name}) is on no machine, and this config has no use for it. Where the state has it (pulumi stack --show-ids) and elasticIps did not name it until now, it is released; else nothing releases it, and it costs: aws ec2 release-address --region ${plan.fleet.region} --allocation-id ${id}. ${keep}`
        : `${publicIp} (${name}) does not stay: this config has no use for it, so it is released, or left over where elasticIps named it until now, and whoever dials it reaches nothing. ${keep}`;
    }),
  ];
}

/**
 * The commands that keep an address of ours beside those that config names already: under a name that gives way to theirs,
 * or in the place of the one that has its only name.
 */
function keepBy(name: string, id: string, { elasticIps }: Plan, adopted: AdoptedIps): string {
  const set = (member: string, value: string) => setPath(`elasticIps.${member}`, value);
  const members = elasticIps.find((each) => each.name === name)?.members ?? membersOf(name);
  const winner = members.find((member) => Object.hasOwn(adopted, member));
  if (winner === undefined) return set(name, id);
  const other = adopted[winner]!;
  const free = members.find((member) => !Object.hasOwn(adopted, member));
  if (free === undefined || other.madeAs === name) return `${set(winner, id)}, in place of ${other.publicIp}`;
  return members.indexOf(free) > members.indexOf(winner)
    ? set(free, id)
    : `${set(free, other.allocationId)} and ${set(winner, id)}`;
}

/** Those that the stack has made and neither makes nor keeps any more. */
async function askLeft({ made, kept }: Assignment, owner: Owner) {
  const tags = { project: owner.project, stack: owner.stack };
  const all = await aws.ec2.getEips({ tags });
  if (all.allocationIds.length === 0) return [];
  const staying = new Set(Object.values(kept).map(({ allocationId }) => allocationId));
  for (const filter of filtersOf(made))
    for (const id of (await aws.ec2.getEips({ tags, filters: [filter] })).allocationIds) staying.add(id);
  const gone = all.allocationIds.filter((id) => !staying.has(id));
  const found = await Promise.all(gone.map((id) => aws.ec2.getElasticIp({ id })));
  return found.flatMap(({ id, publicIp, associationId, tags: own }) => {
    const name = nameOf(own, owner);
    return name === undefined ? [] : [{ id, publicIp, name, idle: !associationId }];
  });
}
