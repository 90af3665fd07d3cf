/** The pack as the engine runs it, with a policy config. Not Pulumi's CLI itself: it would also check the config. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type ProgramRun, runProgram } from "../../offline/program.ts";
import { stackInput } from "../../offline/stack.ts";
import { rules } from "../../policy/policies.ts";
import { read } from "../shared/files.ts";
import { Resources } from "./changed-resources.ts";
import { previewed } from "./preview.ts";
import { type Config, Pack } from "./process.ts";

let pack: Pack;
let fleet: ProgramRun;
beforeAll(async () => {
  [pack, fleet] = await Promise.all([Pack.start(), runProgram(stackInput("prod", []))]);
});
afterAll(() => pack.stop());

/** The fleet with SSH open to the world. */
function open(): Resources {
  const resources = new Resources(fleet.resources);
  resources.change("SecurityGroupIngressRule", OPEN, (rule) => {
    rule.cidrIpv4 = "0.0.0.0/0";
  });
  return resources;
}
const OPEN = "pptp-fleet-in-ssh-203.0.113.0/24";

async function analyzed(config: Config, resources = fleet.resources) {
  await pack.configure(config);
  return pack.analyze(resources);
}

/** Years from now: no day of a test's life. */
const day = (years: number) => new Date(Date.now() + years * 365 * 86_400_000).toISOString().slice(0, 10);
/** `more` over a whole waiver; without what it says is undefined. */
function waiver(more: object = {}): object {
  const whole = {
    resource: OPEN,
    reason: "Moving the office, agreed with the head of security",
    until: day(1),
    ...more,
  };
  return JSON.parse(JSON.stringify(whole));
}

test("loads, and tells the engine of each policy its severity, link, fix and settings", async () => {
  const told = await pack.policies();
  expect(told.map(({ name }) => name)).toEqual([...rules.map(({ name }) => name), "waivers"]);
  for (const { name, severity, url, fix, schema } of told.slice(0, -1)) {
    const rule = rules.find((each) => each.name === name)!;
    expect([url, fix]).toEqual([rule.link, rule.fix]);
    expect(severity).toBeGreaterThan(0);
    expect(Object.keys(schema)).toEqual([...Object.keys(rule.settings ?? {}), "waivers"]);
    for (const setting of Object.values<any>(schema)) {
      expect(setting.description).toMatch(/\.$/);
      expect(z.fromJSONSchema(setting).safeParse(setting.default).success).toBe(true);
    }
  }
});

test("names the same package as the repository, which installs it", () => {
  const manifest = (path: string) => JSON.parse(read(path));
  const { "@pulumi/policy": version } = manifest("package.json").devDependencies;
  expect(manifest("policy/package.json").dependencies).toEqual({ "@pulumi/policy": version });
});

test("lets the example stack pass, in its first preview and in the update", async () => {
  expect((await analyzed({}, previewed(fleet.resources))).filter(({ stops }) => stops)).toEqual([]);
  expect(await analyzed({})).toEqual([]);
});

test("says what is wrong, why, the fix and where to read on", async () => {
  expect(await analyzed({}, open().list)).toEqual([
    {
      policy: "no-open-world",
      resource: OPEN,
      stops: true,
      message:
        "TCP 1723, protocol 47 and administration are open to networks that somebody can name. PPTP is broken: its allow list is what keeps the internet off it.\nTCP 22 is open to 0.0.0.0/0. Fix: name your clients' and administrators' networks in pptp-fleet:allowedCidrs and pptp-fleet:adminCidrs; with egress.mode routed, whoever may reach clients in egress.cidrs (https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html)",
    },
  ]);
});

describe("a setting of the policy config", () => {
  const cases: [what: string, config: Config, at: RegExp, problem: RegExp][] = [
    [
      "regions",
      { "allowed-regions": { regions: ["eu-central-1"] } },
      /^pptp-fleet/,
      /it is in eu-west-1, which is none of eu-central-1/,
    ],
    [
      "types",
      { "instance-type": { types: ["c7i.*", "m6i.large"] } },
      /-(a-1|b-1|gateway-[ab])$/,
      /c6in.large is none of c7i/,
    ],
    ["tags", { "required-tags": { tags: ["costCentre"] } }, /^pptp-fleet/, /it has no tag costCentre/],
    ["days of logs", { "log-retention": { minimumDays: 400 } }, /flow-logs$/, /for 365 days, not 400/],
    ["prefixes", { "no-open-world": { shortestIpv4: 25 } }, /-in-/, /is open to \d/],
    [
      "networks together",
      { "no-open-world": { togetherIpv4: 25 } },
      /^pptp-fleet/,
      /is open to networks that have more public addresses together than a \/25/,
    ],
    [
      "ports of administration",
      { "no-open-world": { ports: [8723], shortestIpv4: 29 } },
      /-in-/,
      /is open to/,
    ],
  ];

  test.each(cases)("is held: %s", async (_, config, at, problem) => {
    const found = await analyzed(config);
    expect(found.length).toBeGreaterThan(0);
    for (const { policy, resource, message, stops } of found) {
      expect([policy, stops]).toEqual([Object.keys(config)[0], true]);
      expect(resource).toMatch(at);
      expect(message).toMatch(problem);
    }
  });

  test.each([
    ["regions", { "allowed-regions": { regions: ["eu-west-1"] } }],
    ["types", { "instance-type": { types: ["c6in.*"] } }],
    ["production", { "deletion-protection": { production: "^live-" } }],
    // The VPC's own subnets are private, and count for nothing.
    ["networks together", { "no-open-world": { togetherIpv4: 24, ports: [22, 8723] } }],
  ] satisfies [string, Config][])("that fits passes: %s", async (_, config) => {
    expect(await analyzed(config)).toEqual([]);
  });

  test("says which stacks are production", async () => {
    const resources = new Resources((await runProgram(stackInput("dev", []))).resources).list;
    const found = await analyzed({ "deletion-protection": { production: "^dev$" } }, resources);
    expect(found.map(({ resource }) => resource).sort()).toEqual([
      "pptp-fleet",
      "pptp-fleet-a-1",
      "pptp-fleet-gateway-a",
    ]);
  });

  test("of a resource's own region is stronger than its provider's", async () => {
    const resources = new Resources(fleet.resources);
    resources.change("LogGroup", "pptp-fleet-flow-logs", (inputs) => {
      inputs.region = "us-east-1";
    });
    const found = await analyzed({ "allowed-regions": { regions: ["eu-west-1"] } }, resources.list);
    expect(found.map(({ resource }) => resource)).toEqual(["pptp-fleet-flow-logs"]);
  });
});

describe("a waiver", () => {
  const waived = (given: object) => analyzed({ "no-open-world": { waivers: [given] } }, open().list);

  test("lets its violation pass, and shows in the report with reason and last day", async () => {
    expect(await waived(waiver())).toEqual([
      {
        policy: "waivers",
        resource: OPEN,
        stops: false,
        message: `Shows each waiver in use, with its reason and its last day, and each that waives nothing.\nno-open-world is waived until ${day(1)}: TCP 22 is open to 0.0.0.0/0. The reason given: Moving the office, agreed with the head of security`,
      },
    ]);
  });

  test("holds for a URN too, and on its last day", async () => {
    const [{ urn } = { urn: "" }] = open().find("SecurityGroupIngressRule", OPEN);
    const found = await waived(waiver({ resource: urn, until: day(0) }));
    expect(found.map(({ policy, stops }) => [policy, stops])).toEqual([["waivers", false]]);
  });

  test("that is over waives nothing, and the violation says so", async () => {
    const [found, ...more] = await waived(waiver({ until: day(-1) }));
    expect(more).toEqual([]);
    expect([found?.policy, found?.stops]).toEqual(["no-open-world", true]);
    expect(found?.message).toMatch(new RegExp(`\nTCP 22 .*\\. A waiver of it ended on ${day(-1)}\\.`));
  });

  test.each([
    ["no reason", { reason: "" }],
    ["no day", { until: undefined }],
    ["a day that is none", { until: "2099-13-45" }],
  ])("with %s waives nothing", async (_, more) => {
    expect((await waived(waiver(more))).map(({ policy, stops }) => [policy, stops])).toEqual([
      ["no-open-world", true],
    ]);
  });

  test("for another resource waives nothing, and the report says that nothing needs it", async () => {
    const found = await waived(waiver({ resource: "pptp-fleet" }));
    expect(found.map(({ policy, stops }) => [policy, stops])).toEqual([
      ["no-open-world", true],
      ["waivers", false],
    ]);
    expect(found[1]!.message).toMatch(/for pptp-fleet that waives nothing: take it out/);
  });

  test("of a policy about the stack works as well", async () => {
    const resources = new Resources(fleet.resources);
    resources.remove("FlowLog", "pptp-fleet-flow-logs-vpc");
    const config = { "flow-logs": { waivers: [waiver({ resource: "pptp-fleet" })] } };
    expect((await analyzed(config, resources.list)).map(({ policy, stops }) => [policy, stops])).toEqual([
      ["waivers", false],
    ]);
  });

  test("is refused by the schema without a reason, without a day, or with anything else in it", async () => {
    const { schema } = (await pack.policies())[0]!;
    const accepts = (more: object) => z.fromJSONSchema(schema.waivers).safeParse([waiver(more)]).success;
    expect(accepts({})).toBe(true);
    for (const more of [
      { reason: undefined },
      { reason: "why not" },
      { until: undefined },
      { until: "next week" },
      { forever: true },
    ])
      expect([more, accepts(more)]).toEqual([more, false]);
  });
});
