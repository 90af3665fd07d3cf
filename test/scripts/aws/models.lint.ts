/**
 * Every resource against AWS's own service models, and against what AWS says in prose only: what a preview does not ask,
 * and an update would fail by. It does not prove that AWS takes the rest: quotas, and how inputs stand to each other and to
 * what the account has, are in no model; and which calls the provider makes is a table of ours (calls/).
 */
import "../../begin.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { type ProgramRun, runProgram } from "../../../offline/program.ts";
import { stackInput } from "../../../offline/stack.ts";
import { TEXTS } from "../../../policy/resources/texts.ts";
import { forms, misfit } from "../../../settings/aws-texts.ts";
import { calls } from "./calls/calls.ts";
import { awsModels, type Models, problems } from "./models.ts";
import { type Physical, physical } from "./physical.ts";
import { rules } from "./prose.ts";
import { byModels, refused } from "./refused.ts";
import { type Example, examples, generated, odd } from "./stacks.ts";

const NAMED = ["dialName=pptp.example.com", "hostedZoneId=Z0123456789ABCDEFGHIJ"];

let models: Models;
/** One of every type. */
let fleet: ProgramRun;
beforeAll(async () => {
  [models, fleet] = [await awsModels(), await runProgram(stackInput("prod", NAMED))];
});

const named = (stacks: Example[]) => stacks.map((each) => [each.what, each] as const);

describe.each([
  ["an example stack", examples],
  ["a stack with an odd name", odd],
  ["a generated stack", generated],
])("%s is what AWS takes:", (_, stacks) => {
  test.each(named(stacks))("%s", async (_, { input, defaultTags }) => {
    const { resources } = await runProgram(input);
    expect(refused(models, resources, defaultTags)).toEqual([]);
  });
});

test("the stacks have every type that there is a table for, and every rule of prose", async () => {
  const found = physical(fleet.resources);
  expect([...new Set(found.map(({ type }) => type))].sort()).toEqual(Object.keys(calls).sort());
  const made = new Set(
    found.flatMap(({ type, inputs, id }) =>
      calls[type]!.calls(inputs, id).map(({ service, operation }) => `${service} ${operation}`),
    ),
  );
  for (const { call, page } of rules) {
    expect(made).toContain(call);
    expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/\S+\.html$/);
  }
});

/** The resources of a fleet with an input changed. */
function changed(type: string, change: (inputs: Record<string, any>) => void): string[] {
  const resources = fleet.resources.map((each) =>
    each.type.endsWith(`:${type}`) ? structuredClone(each) : each,
  );
  for (const each of resources) if (each.type.endsWith(`:${type}`)) change(each.inputs);
  return [...new Set(refused(models, resources).map((problem) => problem.replace(/^\S+ \S+: /, "")))];
}

describe("AWS would refuse", () => {
  test.each<[what: string, type: string, inputs: Record<string, any>, says: RegExp]>([
    [
      "an apostrophe in a rule",
      "SecurityGroupEgressRule",
      { description: "Packages from Debian's mirrors" },
      /^its description has ' \(U\+0027\)/,
    ],
    [
      "an apostrophe in another rule",
      "SecurityGroupIngressRule",
      { description: "The balancer's health check" },
      /^its description has ' \(U\+0027\)/,
    ],
    ["a description of 256", "SecurityGroup", { description: "x".repeat(256) }, /has 256 characters/],
    ["a balancer with a dot", "LoadBalancer", { name: "pptp.fleet" }, /^its name has \. /],
    ["a role of 65", "Role", { name: "x".repeat(65) }, /iam CreateRole RoleName: 65 characters, at most 64/],
    ["a role's own characters", "Role", { description: "“x”" }, /Description: "“x”" does not match/],
    ["a word that there is not", "FlowLog", { trafficType: "SOME" }, /TrafficType: "SOME" is none of its/],
    ["a port", "TargetGroup", { port: 65_536 }, /elbv2 CreateTargetGroup Port: 65536, at most 65535/],
    ["a list of nothing", "Record", { records: [] }, /ResourceRecords: 0 elements, at least 1/],
    ["an empty secret", "SecretVersion", { secretString: "" }, /SecretString: 0 characters, at least 1/],
    ["a missing member", "Subnet", { vpcId: undefined }, /ec2 CreateSubnet VpcId is missing/],
    ["a number for a text", "Vpc", { cidrBlock: 10 }, /CidrBlock: 10 is no text/],
    ["a text for a number", "LogGroup", { retentionInDays: "90" }, /retentionInDays: "90" is no integer/],
    ["a text for a boolean", "NetworkInterface", { sourceDestCheck: "no" }, /Value: "no" is no boolean/],
    ["a text for a list", "LoadBalancer", { securityGroups: "sg-1" }, /SecurityGroups: "sg-1" is no list/],
    ["a region's name", "HealthCheck", { cloudwatchAlarmRegion: "eu-west-9" }, /is none of its words/],
    ["an input that goes nowhere", "Eip", { publicIpv4Pool: "x" }, /^its input publicIpv4Pool goes to no/],
    [
      "user data of more than 16,384 bytes",
      "Instance",
      { userDataBase64: Buffer.alloc(16_385).toString("base64") },
      /^ec2 RunInstances: user data has at most 16,384 bytes/,
    ],
  ])("%s", (_, type, inputs, says) => {
    expect(changed(type, (own) => Object.assign(own, inputs)).join("\n")).toMatch(new RegExp(says, "m"));
  });

  test("a type that nobody described", () => {
    const queue = {
      ...fleet.resources.find(({ type }) => type.endsWith(":Vpc"))!,
      type: "aws:sqs/queue:Queue",
    };
    expect(refused(models, [queue])).toEqual(["Queue pptp-fleet: nobody said which calls make it"]);
  });

  test("an attribute that load balancing does not have", () => {
    const [listener] = physical(fleet.resources).filter(({ type }) => type.endsWith(":Listener"));
    const [, modify] = calls[listener!.type]!.calls(listener!.inputs, listener!.id);
    const attributes = [{ Key: "tcp.idle_timeout.minutes", Value: "6" }];
    const found = problems(models, { ...modify!, input: { ...modify!.input, Attributes: attributes } });
    expect(found).toEqual([
      'elbv2 ModifyListenerAttributes Attributes[0].Key: "tcp.idle_timeout.minutes" is no attribute',
    ]);
  });
});

describe("our own table of texts is no looser than the models:", () => {
  const characters = [
    ...Array.from({ length: 0x180 }, (_, point) => String.fromCodePoint(point)),
    ...["\u2013", "\u2019", "\u2028", "\u3000", "\ufeff", "\u{1f600}"],
  ];
  const texts = (longest: number) => [
    ...characters.map((character) => `a${character}a`),
    ...["a".repeat(longest), "", "-a", "a-", "aws:a", "sg-a", "internal-a", "aws/a"],
  ];
  const one = (type: string): Physical => physical(fleet.resources).find((each) => each.type === type)!;
  const asked = Object.entries(TEXTS).flatMap(([type, properties]) =>
    Object.entries(properties).map(([property, form]) => ({ type, property, form })),
  );
  const ours = asked.filter(({ type, property }) => type in calls && !property.includes("."));

  test.each(ours)("$type $property", ({ type, property, form }) => {
    const resource = one(type);
    expect(resource.inputs[property]).toBeTypeOf("string");
    for (const text of texts(form.longest).filter((text) => misfit(form, text) === undefined))
      expect(byModels(models, { ...resource, inputs: { ...resource.inputs, [property]: text } })).toEqual([]);
  });

  test("tags, of each type that has them", () => {
    const tagged = Object.keys(calls).filter((type) => one(type).inputs.tags !== undefined);
    expect(tagged.length).toBeGreaterThan(15);
    const pairs = [
      ...texts(forms.tagKey.longest).map((key) => [key, "a"] as const),
      ...texts(forms.tagValue.longest).map((value) => ["a", value] as const),
    ].filter(([key, value]) => !misfit(forms.tagKey, key) && !misfit(forms.tagValue, value));
    for (const { inputs, ...resource } of tagged.map(one))
      for (const [key, value] of pairs) {
        const tags = { ...inputs.tags, [key]: value };
        expect(byModels(models, { ...resource, inputs: { ...inputs, tags } })).toEqual([]);
      }
  });

  test("what it has of types and properties that no stack has is a rule's description", () => {
    expect(new Set(asked.filter((each) => !ours.includes(each)).map(({ form }) => form))).toEqual(
      new Set([forms.ruleDescription]),
    );
  });
});
