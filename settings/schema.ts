/**
 * What a stack's config may say: each key's type, default and texts. The one source of Pulumi.yaml's `config:`
 * block, of README.md, of docs/settings.md and of every message about a single key; rules between keys are in rules/rules.ts.
 */
import { z } from "zod";
import { CALL_IDS_PER_SERVER } from "../protocols/pptp/call-ids.ts";
import { flowsOf, protocols } from "../protocols/protocols.ts";
import { conntrack } from "./groups/conntrack.ts";
import { egress } from "./groups/egress.ts";
import { keepalive } from "./groups/keepalive.ts";
import { kernel } from "./groups/kernel.ts";
import { limits } from "./groups/limits.ts";
import { mtu } from "./groups/mtu.ts";
import { nic } from "./groups/nic.ts";
import { ppp } from "./groups/ppp.ts";
import { account, judgeNames, judgeSize } from "./keys/accounts.ts";
import { judgeDialName } from "./keys/dial-names.ts";
import { judgeElasticIps } from "./keys/elastic-ips.ts";
import { facts, type KeyFacts, NAMESPACE, setPath } from "./keys/facts.ts";
import { DEFAULT_INSTANCE_TYPE, judgeInstanceType } from "./keys/instance-types.ts";
import {
  judgeCidr,
  judgePrivateCidr,
  judgeResolver,
  LONGEST_BLOCK,
  PRIVATE_SPACE,
  SHORTEST_POOL,
  SHORTEST_VPC,
} from "./keys/networks.ts";
import { judgePackageVersions } from "./keys/package-versions.ts";
import { refusalsOf, repetitions } from "./keys/refusal.ts";
import { judgeSshKey } from "./keys/ssh-keys.ts";
import { judgeZones } from "./keys/zones.ts";

export type { Account } from "./keys/accounts.ts";

/** Largest path MTU: pptpd's packet buffer is 8,196 bytes, headers included. */
const PPTPD_BUFFER = 8196;
/** What any IPv4 host must be able to receive (RFC 791). */
const SMALLEST_MTU = 576;
const TOO_LARGE = `at most ${PPTPD_BUFFER} bytes: pptpd's packet buffer has no more`;
/**
 * Each session holds one of its server's call IDs until its pppd has ended, which may be after pptpd has given its place to
 * another: a dozen are left for these.
 */
const MOST_SESSIONS = 500;

/** Days: what CloudWatch Logs takes (AWS: PutRetentionPolicy); for ever is not among ours. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const RETENTION = `a number of days that CloudWatch Logs knows: ${RETENTIONS.join(", ")}`;

/** AWS: IAM identifiers; a path between slashes, then a name of 1 to 128 of letters, digits and `+=,.@_-`. */
const POLICY_ARN = /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/([!-.0-~]+\/)*[\w+=,.@-]{1,128}$/;

/** The command that encrypts the accounts. */
export const SET_USERS = `pulumi config set --secret ${NAMESPACE}:users < users.json`;

const set = (key: string, value: string) => `pulumi config set ${NAMESPACE}:${key} ${value}`;
const setFirst = (key: string, value: string) => setPath(`${key}[0]`, value);

const cidrs = (): z.ZodArray<z.ZodString> =>
  z.array(z.string().check(refusalsOf(judgeCidr))).check(refusalsOf(repetitions("CIDR")));
/** A group takes what the config says of its members, and gives each of the others its default. */
function grouped<S extends z.ZodObject>(group: S, decides: string): z.ZodPrefault<S> {
  const schema = group.prefault({} as z.input<S>);
  const members = Object.keys(group.shape).join(", ");
  facts.add(schema, {
    description: `${decides}; docs/tunings.md has its members.`,
    allowed: `an object with any of the members ${members}`,
    fix: facts.get(Object.values(group.shape)[0] as z.ZodType)!.fix,
  });
  return schema;
}
const id = (kind: string): z.ZodString =>
  z.string().regex(new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`));

const subnetIds = () =>
  z
    .array(id("subnet"))
    .max(8)
    .check(refusalsOf(repetitions("subnet")))
    .default([]);

/** By key, in the order of docs/settings.md; each with its default, but those that must be set. */
export const settingsSchema = z.strictObject({
  servers: z
    .int()
    .min(1)
    .max(10_000)
    .default(2)
    .register(facts, {
      description: "How many servers the fleet has in all; they are dealt to the zones in turn.",
      allowed: "a whole number from 1 to 10000",
      unit: "servers",
      fix: set("servers", "2"),
    }),

  instanceType: z
    .string()
    .check(refusalsOf(judgeInstanceType))
    .default(DEFAULT_INSTANCE_TYPE)
    .register(facts, {
      description:
        "EC2 instance type of every server, x86-64 or Graviton; the default has two ENA queues, 3.1 Gbit/s and no " +
        "credits that run out, and nearly every region sells it (t3.small is the cheap choice: 0.13 Gbit/s when its credits are spent).",
      allowed: "an EC2 instance type that has ENA with more than one queue",
      fix: set("instanceType", DEFAULT_INSTANCE_TYPE),
    }),

  zones: z
    .array(z.string())
    .check(refusalsOf(judgeZones))
    .default([])
    .register(facts, {
      description:
        "Availability zones for the servers, in the order in which they are dealt; empty: the region's first two. Add at the end: no server that stays moves.",
      allowed: "availability zones of one region, each once, such as eu-west-1a (the last letter a to h)",
      fix: setFirst("zones", "eu-west-1a"),
    }),

  frontDoor: z
    .enum(["nlb", "eip"])
    .default("nlb")
    .register(facts, {
      description:
        "What clients dial: one Elastic IP a zone, behind which a balancer chooses the server (nlb), or one for each server (eip).",
      allowed: "nlb or eip",
      fix: set("frontDoor", "eip"),
    }),

  elasticIps: z
    .record(z.string(), z.string())
    .check(refusalsOf(judgeElasticIps))
    .default({})
    .register(facts, {
      description:
        "Elastic IPs that exist already, for devices that dial a number: used, and never released. By a zone's letter (its " +
        "gateway's; with frontDoor eip its first server's) or by a server's name. The others are made by the stack.",
      allowed:
        "an object of allocation IDs by zone or server, each once, such as a: eipalloc-0123456789abcdef0, b-2: eipalloc-0123456789abcdef1",
      fix: setPath("elasticIps.a", "eipalloc-0123456789abcdef0"),
    }),

  gatewayInstanceType: z
    .string()
    .check(refusalsOf((type) => judgeInstanceType(type, "gatewayInstanceType")))
    .default(DEFAULT_INSTANCE_TYPE)
    .register(facts, {
      description:
        "EC2 instance type of each zone's gateway, which carries all of the zone's tunnels; of the same processor as instanceType. With frontDoor eip there is none.",
      allowed: "an EC2 instance type that has ENA with more than one queue",
      fix: set("gatewayInstanceType", DEFAULT_INSTANCE_TYPE),
    }),

  dialName: z
    .string()
    .check(refusalsOf(judgeDialName))
    .exactOptional()
    .register(facts, {
      description:
        "Name that clients dial; Route 53 answers it with the addresses behind which tunnels work. Comes with hostedZoneId.",
      allowed: "a fully qualified DNS name without the dot at its end, such as pptp.example.com",
      fix: set("dialName", "pptp.example.com"),
    }),

  hostedZoneId: z
    .string()
    .regex(/^Z[A-Z0-9]{5,31}$/)
    .exactOptional()
    .register(facts, {
      description: "Route 53 public hosted zone that gets dialName's records.",
      allowed: "a hosted zone's ID, such as Z0123456789ABCDEFGHIJ",
      fix: set("hostedZoneId", "Z0123456789ABCDEFGHIJ"),
    }),

  allowedCidrs: cidrs()
    .min(1)
    .register(facts, {
      description: `IPv4 CIDRs that clients dial in from; nobody else reaches ${flowsOf(protocols)
        .map(({ title }) => title)
        .join(" and ")}. Required.`,
      allowed:
        "a list of one or more IPv4 CIDRs, each once, such as 198.51.100.0/24; nothing is open by default",
      fix: setFirst("allowedCidrs", "198.51.100.0/24"),
    }),

  adminCidrs: cidrs()
    .default([])
    .register(facts, {
      description: "IPv4 CIDRs that may reach SSH; empty: administration is closed.",
      allowed: "a list of IPv4 CIDRs, each once, such as 203.0.113.0/24",
      fix: setFirst("adminCidrs", "203.0.113.0/24"),
    }),

  sshPublicKeys: z
    .array(z.string().check(refusalsOf(judgeSshKey)))
    .check(refusalsOf(repetitions("key")))
    .default([])
    .register(facts, {
      description:
        "OpenSSH public keys of those who administer servers and gateways; required with adminCidrs.",
      allowed:
        "a list of OpenSSH public keys, each once: ssh-ed25519, ecdsa-sha2-nistp256/384/521, or ssh-rsa of 2048 bits or more",
      fix: `the line of the .pub file: ${setFirst("sshPublicKeys", '"$(cat ~/.ssh/id_ed25519.pub)"')}`,
    }),

  vpcCidr: z
    .string()
    .check(refusalsOf(judgePrivateCidr(SHORTEST_VPC, 23)))
    .default("10.42.0.0/16")
    .register(facts, {
      description: "IPv4 CIDR of the VPC that the stack creates; with vpcId it creates none.",
      allowed: `an IPv4 CIDR of /${SHORTEST_VPC} to /23 ${PRIVATE_SPACE}`,
      fix: set("vpcCidr", "10.42.0.0/16"),
    }),

  vpcId: id("vpc")
    .exactOptional()
    .register(facts, {
      description: "An existing VPC to use instead of creating one; subnetCidrs or subnetIds come with it.",
      allowed: "a VPC's ID, such as vpc-0123456789abcdef0",
      fix: set("vpcId", "vpc-0123456789abcdef0"),
    }),

  subnetCidrs: z
    .array(z.string().check(refusalsOf(judgePrivateCidr(SHORTEST_VPC, LONGEST_BLOCK))))
    .max(8)
    .check(refusalsOf(repetitions("CIDR")))
    .default([])
    .register(facts, {
      description:
        "Free IPv4 CIDRs of vpcId, one for each of zones in its order: the stack makes subnets and route tables of its own there, and touches nothing of the VPC's.",
      allowed: `a list of at most 8 IPv4 CIDRs of /${SHORTEST_VPC} to /${LONGEST_BLOCK}, each once, ${PRIVATE_SPACE}`,
      fix: setFirst("subnetCidrs", "10.20.128.0/24"),
    }),

  subnetIds: subnetIds().register(facts, {
    description:
      "Existing subnets of vpcId for servers, one in each zone that gets them, used by nobody else; public ones with frontDoor eip.",
    allowed: "a list of at most 8 subnet IDs, one a zone, such as subnet-0123456789abcdef0",
    fix: setFirst("subnetIds", "subnet-0123456789abcdef0"),
  }),

  gatewaySubnetIds: subnetIds().register(facts, {
    description:
      "Existing public subnets of vpcId for gateways, one in each zone of subnetIds; read with frontDoor nlb only.",
    allowed: "a list of at most 8 subnet IDs, one a zone, such as subnet-0123456789abcdef2",
    fix: setFirst("gatewaySubnetIds", "subnet-0123456789abcdef2"),
  }),

  balancerSubnetIds: subnetIds().register(facts, {
    description:
      "Existing subnets of vpcId for the balancer, one in each zone of subnetIds, used by nobody else; read with frontDoor nlb only.",
    allowed: "a list of at most 8 subnet IDs, one a zone, such as subnet-0123456789abcdef4",
    fix: setFirst("balancerSubnetIds", "subnet-0123456789abcdef4"),
  }),

  defaultRouteTableIds: z
    .array(id("rtb"))
    .max(16)
    .check(refusalsOf(repetitions("route table")))
    .default([])
    .register(facts, {
      description:
        "Route tables of the subnets in subnetIds and balancerSubnetIds, and of no others: each gets a default route to its zone's gateway; read with frontDoor nlb only.",
      allowed:
        "a list of at most 16 route table IDs such as rtb-0123456789abcdef0, each once: one or two a zone",
      fix: setFirst("defaultRouteTableIds", "rtb-0123456789abcdef0"),
    }),

  clientPool: z
    .string()
    .check(refusalsOf(judgePrivateCidr(SHORTEST_POOL, 28)))
    .default("10.64.0.0/14")
    .register(facts, {
      description:
        "IPv4 CIDR that clients get their addresses from; each server has a share of it that never moves.",
      allowed: `an IPv4 CIDR of /${SHORTEST_POOL} to /28 ${PRIVATE_SPACE}, apart from the VPC's`,
      fix: set("clientPool", "10.64.0.0/14"),
    }),

  sessionsPerServer: z
    .int()
    .min(1)
    .max(MOST_SESSIONS)
    .default(250)
    .register(facts, {
      description:
        "Tunnels that a server carries at once; it fixes the size of each server's share of clientPool.",
      allowed: `a whole number from 1 to ${MOST_SESSIONS}: one server has ${CALL_IDS_PER_SERVER} call IDs`,
      unit: "sessions",
      fix: set("sessionsPerServer", "250"),
    }),

  dns: z
    .array(z.string().check(refusalsOf(judgeResolver)))
    .max(2)
    .check(refusalsOf(repetitions("address")))
    .default([])
    .register(facts, {
      description: "IPv4 addresses of the DNS resolvers that clients are told; empty: none.",
      allowed: "a list of at most two IPv4 addresses that can be a resolver's",
      fix: setFirst("dns", "9.9.9.9"),
    }),

  pathMtu: z
    .int()
    .min(SMALLEST_MTU)
    .check(refusalsOf((mtu) => (mtu > PPTPD_BUFFER ? { allowed: TOO_LARGE } : undefined)))
    .default(1500)
    .register(facts, {
      description: "Bytes in the largest IP packet that the path between clients and servers carries whole.",
      allowed: `a whole number of bytes from ${SMALLEST_MTU} to ${PPTPD_BUFFER}`,
      unit: "bytes",
      fix: set("pathMtu", "1500"),
    }),

  users: z
    .array(account)
    .check(refusalsOf(judgeNames), refusalsOf(judgeSize))
    .default([])
    .register(facts, {
      description: "Accounts that may dial in, as a list of {name, password}; secret, so set with --secret.",
      allowed:
        "a list of {name, password} and nothing else: a name of 1 to 255 and a password of 1 to 255 printable ASCII characters",
      fix: `write the list as JSON to users.json, then: ${SET_USERS}`,
      secret: true,
    }),

  amiId: id("ami")
    .exactOptional()
    .register(facts, {
      description:
        "AMI that servers and gateways start from; unset: the newest official Debian 13 when a machine is created, and a newer one " +
        "replaces nothing, while changing this key replaces every machine.",
      allowed: "an AMI's ID, such as ami-0123456789abcdef0",
      fix: set("amiId", "ami-0123456789abcdef0"),
    }),

  packageVersions: z
    .record(z.string(), z.string())
    .check(refusalsOf(judgePackageVersions))
    .default({})
    .register(facts, {
      description:
        "Versions of Debian packages that servers and gateways have, by package; npm run updates writes them, from Debian's " +
        "indexes. What no part of a machine needs has its version where it is installed, and is not installed for it. A package " +
        "that is not named stays as a machine's first apply left it: nothing upgrades by itself.",
      allowed:
        "an object of exact versions by package, in quotes where YAML would read a number, such as ppp: 2.5.2-1+1, openssh-server: 1:10.0p1-7+deb13u4",
      fix: `npm run updates -- --stack <stack> --write, or ${setPath("packageVersions.ppp", "<version>")}`,
    }),

  terminationProtection: z
    .boolean()
    .default(false)
    .register(facts, {
      description:
        "Whether AWS refuses to terminate servers and gateways, and to delete the balancer, until this is false again.",
      allowed: "true or false",
      fix: set("terminationProtection", "true"),
    }),

  flowLogRetentionDays: z
    .int()
    .check(refusalsOf((days) => (RETENTIONS.includes(days) ? undefined : { allowed: RETENTION })))
    .default(365)
    .register(facts, {
      description:
        "Days that the VPC's flow logs are kept: who reached the fleet, and who was refused. AWS Security Hub (CloudWatch.16) wants a year.",
      allowed: RETENTION,
      unit: "days",
      fix: set("flowLogRetentionDays", "365"),
    }),

  permissionsBoundary: z
    .string()
    .regex(POLICY_ARN)
    .exactOptional()
    .register(facts, {
      description:
        "Managed policy that bounds the stack's IAM roles: they may do what it allows too, and nothing else; docs/ci.md has one. Unset: none.",
      allowed:
        "the ARN of a managed policy, such as arn:aws:iam::111122223333:policy/pptp-fleet-boundary (its account 12 digits, or aws)",
      fix: set("permissionsBoundary", "arn:aws:iam::111122223333:policy/pptp-fleet-boundary"),
    }),

  mtu: grouped(mtu, "Packet sizes inside the tunnel"),
  keepalive: grouped(keepalive, "What keeps a tunnel alive, and finds a dead one"),
  conntrack: grouped(
    conntrack,
    "Connection tracking on servers, and how long gateways keep a quiet TCP connection",
  ),
  kernel: grouped(kernel, "The servers' sysctls"),
  nic: grouped(nic, "The servers' network card and CPUs"),
  ppp: grouped(ppp, "What pppd agrees on with clients"),
  limits: grouped(limits, "How much of a server one address may take"),
  egress: grouped(egress, "Where clients' traffic goes"),
});

/** A stack's config as the plan gets it: every key of the right type, every rule kept. */
export type Settings = z.output<typeof settingsSchema>;

/** A config key without its namespace: `sessionsPerServer`. */
export type Key = keyof Settings;

/** In the schema's order. */
export const keys = Object.keys(settingsSchema.shape) as Key[];

/** A key's texts. */
export function factsOf(key: Key): KeyFacts {
  return facts.get(settingsSchema.shape[key] as z.ZodType)!;
}

/** The keys that must be encrypted. */
export const secretKeys = keys.filter((key) => factsOf(key).secret);

/** A group's members by name; none for a key that is no group. */
export function membersOf(key: Key): Record<string, z.ZodType> {
  const schema: z.ZodType = settingsSchema.shape[key];
  if (!(schema instanceof z.ZodPrefault)) return {};
  return (schema.unwrap() as z.ZodObject<Record<string, z.ZodType>>).shape;
}

/** The keys that are groups. */
export const groups = keys.filter((key) => Object.keys(membersOf(key)).length > 0);
