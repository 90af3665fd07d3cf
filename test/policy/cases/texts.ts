/** Texts that AWS refuses: EC2's, load balancing's, IAM's and tags'. */
import { BUCKET, GROUP_RULE } from "../../../graph/types.ts";
import type { Case } from "../changed-resources.ts";
import { addRule, IN, inline, OUT } from "./rules.ts";

const NAMED = ["dialName=pptp.example.com", "hostedZoneId=Z0123456789ABCDEFGHIJ"];
const tags = { Name: "own", project: "pptp-fleet", stack: "prod" };

const changed = (
  what: string,
  type: string,
  name: string,
  inputs: Record<string, any>,
  config?: string[],
): Case => ({
  policy: "restricted-texts",
  what,
  ...(config && { config }),
  breaks: (resources) => resources.change(type, name, (own) => Object.assign(own, inputs)),
  at: [name],
});

/** A bucket more: machines know the fleet's own by its name. */
const bucket = (what: string, name: string): Case => ({
  policy: "restricted-texts",
  what,
  breaks: (resources) => resources.add(BUCKET, "one-more", { bucket: name, tags }),
  at: ["one-more"],
  besides: ["bucket-closed: one-more"],
});

export const textCases: Case[] = [
  changed("an apostrophe in what a rule is for", OUT, "pptp-fleet-out-http-0.0.0.0/0", {
    description: "Packages from Debian's mirrors",
  }),
  changed("an umlaut in a rule", IN, "pptp-fleet-in-ssh-203.0.113.0/24", { description: "SSH aus Büros" }),
  {
    policy: "restricted-texts",
    what: "a rule more, with quotes",
    breaks: (resources) =>
      addRule(resources, "pptp-fleet", "one-more", {
        description: 'The "office"',
        ...{ cidrIpv4: "10.9.0.0/16", ipProtocol: "udp", fromPort: 123, toPort: 123 },
      }),
    at: ["one-more"],
  },
  changed(
    "a rule inside a group",
    "SecurityGroup",
    "pptp-fleet",
    inline({
      ...{ description: "Ping, all of 100 %", protocol: "icmp", fromPort: -1, toPort: -1 },
      cidrBlocks: ["10.9.0.0/16"],
    }),
  ),
  {
    policy: "restricted-texts",
    what: "the older kind of rule",
    breaks: (resources) =>
      resources.add(GROUP_RULE, "older", {
        description: "x".repeat(256),
        ...{ type: "egress", protocol: "udp", fromPort: 123, toPort: 123, cidrBlocks: ["10.9.0.0/16"] },
      }),
    at: ["older"],
  },
  changed("a group of 256 characters", "SecurityGroup", "pptp-fleet", { description: "x".repeat(256) }),
  changed("a group by AWS's own kind of name", "SecurityGroup", "pptp-fleet", { name: "sg-fleet" }),
  changed("a balancer with a dot", "LoadBalancer", "pptp-fleet", { name: "pptp.fleet" }),
  changed("a balancer that says internal", "LoadBalancer", "pptp-fleet", { name: "internal-fleet" }),
  changed("a target group of 33 characters", "TargetGroup", "pptp-fleet", { name: "x".repeat(33) }),
  changed("a role of 65 characters", "Role", "pptp-fleet-a-1", { name: "x".repeat(65) }),
  changed("a role with a dash of typography", "Role", "pptp-fleet-a-1", { description: "Servers – all" }),
  changed("an instance profile with a space", "InstanceProfile", "pptp-fleet-a-1", { name: "pptp fleet" }),
  changed("a role's policy without a name", "RolePolicy", "pptp-fleet-a-1", { name: "" }),
  changed("a secret with a space", "Secret", "pptp-fleet", { name: "pptp fleet/prod" }),
  changed("a log group with a colon", "LogGroup", "pptp-fleet-flow-logs", { name: "/pptp:fleet" }),
  changed(
    "an alarm of two lines",
    "MetricAlarm",
    "pptp-fleet-a-gateway",
    { name: "gateway\na", alarmDescription: "one\ntwo" },
    NAMED,
  ),
  changed("a tag with an apostrophe", "Vpc", "pptp-fleet", { tags: { ...tags, owner: "Ann's" } }),
  changed("a tag that AWS keeps to itself", "Subnet", "pptp-fleet-a", { tags: { ...tags, "aws:x": "1" } }),
  changed("one key in two cases", "Role", "pptp-fleet-a-1", { tags: { ...tags, Project: "x" } }),
  changed("more than 50 tags", "Eip", "pptp-fleet-a-1", {
    tags: { ...tags, ...Object.fromEntries(Array.from({ length: 48 }, (_, i) => [`t${i}`, "x"])) },
  }),
  bucket("a bucket in capitals", "PPTP-fleet"),
  bucket("a bucket that ends as S3's own names do", "pptp-fleet-s3alias"),
  changed("more than 10 tags of an object", "BucketObjectv2", "pptp-fleet-a-1-desired", {
    tags: { ...tags, ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`t${i}`, "x"])) },
  }),
  changed(
    "more than 10 tags of a health check",
    "HealthCheck",
    "pptp-fleet-a-gateway",
    { tags: { ...tags, ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`t${i}`, "x"])) } },
    NAMED,
  ),
];
