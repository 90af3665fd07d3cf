/** The example stacks pass, with no waiver: what the pack asks for, the program does. */
import { beforeAll, describe, expect, test } from "vitest";
import { type ProgramRun, runProgram } from "../../offline/program.ts";
import { stackInput } from "../../offline/stack.ts";
import { rules } from "../../policy/policies.ts";
import { analyze } from "./analysis.ts";
import { Resources } from "./broken.ts";
import { coarser, previewed } from "./preview.ts";

const ACCOUNTS = 'users=[{"name":"plc-seven","password":"correct horse battery"}]';
const EXISTING = [
  "vpcId=vpc-0123456789abcdef0",
  'subnetIds=["subnet-0123456789abcdef0","subnet-0123456789abcdef1"]',
];

const stacks: [what: string, stack: string, config: string[]][] = [
  ["dev", "dev", []],
  ["dev with frontDoor eip", "dev", ["frontDoor=eip"]],
  ["prod", "prod", []],
  ["prod with frontDoor eip", "prod", ["frontDoor=eip"]],
  [
    "prod with accounts and a name",
    "prod",
    [ACCOUNTS, "dialName=pptp.example.com", "hostedZoneId=Z0123456789ABCDEFGHIJ"],
  ],
  ["prod in a VPC that exists", "prod", ["frontDoor=eip", ...EXISTING]],
  ["prod whose clients keep their addresses", "prod", ["egress.mode=routed"]],
  [
    "prod with a longer memory",
    "prod",
    ["keepalive.nlbTcpIdle=900", "keepalive.lcpEchoInterval=15", "keepalive.lcpEchoFailure=5"],
  ],
  [
    "dev with MPPE of 40 bits, by the key that admits it",
    "dev",
    ["ppp.mppe=40", "ppp.trafficMayBeRead=true"],
  ],
  ["dev without deletion protection", "dev", ["terminationProtection=false"]],
];

/** What AWS's IDs are part of, a first preview does not know: Pulumi says that it could not look. */
const NOT_YET = [
  ["least-privilege", "pptp-fleet"],
  ["least-privilege", "pptp-fleet-flow-logs"],
];

describe.each(stacks)("%s", (_, stack, config) => {
  let fleet: ProgramRun;
  beforeAll(async () => {
    fleet = await runProgram(stackInput(stack, config));
  });

  test("passes", async () => {
    expect(await analyze(fleet.resources)).toEqual([]);
  });

  test("passes in a first preview, which tells what it cannot know", async () => {
    const found = await analyze(previewed(fleet.resources));
    expect(found.map(({ policy, resource }) => [policy, resource])).toEqual(NOT_YET);
    for (const { stops, message } of found) {
      expect(stops).toBe(false);
      expect(message).toMatch(/can't be known during preview$/);
    }
  });
});

test("prod passes where a provider calls whole lists unknown", async () => {
  const { resources } = await runProgram(stackInput("prod", []));
  const found = await analyze(coarser(previewed(resources)), () => false);
  expect(found).toEqual([]);
});

test("a zone more passes in its preview, where the old zones are known and the new one is not", async () => {
  const run = (zones: string[]) =>
    runProgram(stackInput("prod", [`zones=${JSON.stringify(zones)}`, "servers=3"]));
  const [before, after] = [
    await run(["eu-west-1a", "eu-west-1b"]),
    await run(["eu-west-1a", "eu-west-1b", "eu-west-1c"]),
  ];
  const made = new Set(before.resources.map(({ urn }) => urn));
  expect(await analyze(previewed(after.resources, ({ urn }) => !made.has(urn)))).toEqual([]);
});

test("a policy on what AWS lets nobody name a resource for passes", async () => {
  const resources = new Resources((await runProgram(stackInput("dev", []))).resources);
  resources.change("RolePolicy", "pptp-fleet", (inputs) => {
    const statement = { Effect: "Allow", Action: ["cloudwatch:PutMetricData"], Resource: "*" };
    inputs.policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  });
  expect(await analyze(resources.list)).toEqual([]);
});

test("each policy has its severity, reason, way out and link", () => {
  for (const { demands, severity, reason, wayOut, link } of rules) {
    expect(["low", "medium", "high", "critical"]).toContain(severity);
    for (const sentence of [demands, reason]) expect(sentence).toMatch(/^\S.*\.$/);
    expect(wayOut).toMatch(/\w{3}/);
    expect(link).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|www\.rfc-editor\.org)\//);
  }
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
});
