/** A zone that does not sell the type is refused in the preview, and never swapped for another by the program itself. */
import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, test, vi } from "vitest";
import * as answers from "../../../offline/answers.ts";
import type { ProgramRun } from "../../../offline/program.ts";
import { readSettings } from "../../../settings/read.ts";
import { ACCOUNT, all, type Config, run } from "../../program/run.ts";
import { afterFix, type Raw } from "../../settings/applied-fix.ts";

const TOKEN = "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings";

afterEach(() => vi.restoreAllMocks());

async function refusal(config: Config): Promise<string> {
  const error = await run(config, { preview: true }).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  return (error as Error).message;
}

/** Lets each zone sell what is said, and no other zone anything. */
function sells(byZone: Record<string, string[]>): void {
  const { answer } = answers;
  vi.spyOn(answers, "answer").mockImplementation((region, token, inputs) => {
    if (token !== TOKEN) return answer(region, token, inputs);
    const types: string[] = inputs.filters[0].values;
    const sold = Object.entries(byZone).flatMap(([zone, has]) =>
      has.filter((type) => types.includes(type)).map((type) => ({ zone, type })),
    );
    return {
      instanceTypes: sold.map(({ type }) => type),
      locations: sold.map(({ zone }) => zone),
      locationTypes: sold.map(() => inputs.locationType),
    };
  });
}

const asked = ({ questions }: ProgramRun) => questions.filter(({ token }) => token === TOKEN);
const zones = ({ resources }: ProgramRun) => [
  ...new Set(
    resources
      .filter(({ type }) => type.endsWith(":Subnet"))
      .map(({ inputs }) => inputs.availabilityZone as string),
  ),
];

describe("the default type is refused", () => {
  test.each([
    ["us-east-1", "e", "a, us-east-1b, us-east-1c, us-east-1d, us-east-1f"],
    ["eu-west-2", "d", "a, eu-west-2b, eu-west-2c"],
    ["us-west-2", "d", "a, us-west-2b, us-west-2c"],
  ])("in %s%s, naming the zones that sell it", async (region, letter, sellers) => {
    const zone = region + letter;
    for (const frontDoor of ["nlb", "eip"]) {
      const message = await refusal({ "aws:region": region, frontDoor, zones: [`${region}c`, zone] });
      expect(message).toBe(
        [
          "1 mistake in the stack's config\n",
          "  pptp-fleet:zones",
          `    value    ["${zone}"]`,
          `    allowed  zones that sell pptp-fleet:instanceType: c6in.large is sold in ${region}${sellers}`,
          `    fix      pulumi config set --path 'pptp-fleet:zones[1]' ${region}a, which moves what stands in ${zone}, or another pptp-fleet:instanceType`,
        ].join("\n"),
      );
    }
  });

  test("and nothing was made, nor asked of a zone of its own", async () => {
    const { answer } = answers;
    const questions: string[] = [];
    const made = vi.spyOn(answers, "made");
    vi.spyOn(answers, "answer").mockImplementation((...args) => {
      questions.push(args[1]);
      return answer(...args);
    });
    await refusal({ "aws:region": "us-east-1", zones: ["us-east-1e"] });
    expect(made).not.toHaveBeenCalled();
    expect(questions.filter((token) => token === TOKEN)).toHaveLength(1);
  });
});

test("one question holds both types, and no zone", async () => {
  const fleet = await run({ gatewayInstanceType: "m6in.large" });
  expect(asked(fleet).map(({ inputs }) => inputs)).toEqual([
    {
      locationType: "availability-zone",
      filters: [{ name: "instance-type", values: ["c6in.large", "m6in.large"] }],
    },
  ]);
});

test("the gateways' type is asked for where gateways stand, and nothing of it with eip", async () => {
  const sold = { "eu-west-1a": ["c6in.large", "m6in.large"], "eu-west-1b": ["c6in.large"] };
  sells(sold);
  expect(await refusal({ gatewayInstanceType: "m6in.large" })).toMatch(
    /^1 mistake .*pptp-fleet:zones\n *value +\["eu-west-1b"\]\n *allowed +.*gatewayInstanceType: m6in\.large is sold in eu-west-1a\n *fix +another pptp-fleet:gatewayInstanceType$/s,
  );
  const eip = await run({ gatewayInstanceType: "m6in.large", frontDoor: "eip" });
  expect(asked(eip)[0]!.inputs.filters[0].values).toEqual(["c6in.large"]);
});

test("a zone without a server need not sell the servers' type", async () => {
  sells({ "eu-west-1a": ["c6in.large", "m6in.large"], "eu-west-1b": ["m6in.large"] });
  const fleet = await run({ servers: 1, gatewayInstanceType: "m6in.large" });
  expect(all(fleet, "Instance")).toHaveLength(3);
  expect(await refusal({ servers: 2, gatewayInstanceType: "m6in.large" })).toContain('["eu-west-1b"]');
});

describe("where no zone is named", () => {
  test("the first two stay the fleet's, whatever another begins to sell", async () => {
    sells({ "eu-west-1a": ["c6in.large"], "eu-west-1b": ["c6in.large"] });
    const before = zones(await run());
    vi.restoreAllMocks();
    sells({ "eu-west-1a": ["c6in.large"], "eu-west-1b": ["c6in.large"], "eu-west-1c": ["c6in.large"] });
    expect([before, zones(await run())]).toEqual([
      ["eu-west-1a", "eu-west-1b"],
      ["eu-west-1a", "eu-west-1b"],
    ]);
  });

  test.each([
    [{ c: ["c6in.large"], a: ["c6in.large"] }, ["a", "c"]],
    [{ b: ["c6in.large"], c: ["c6in.large"] }, ["c", "b"]],
  ])("one that does not sell it is no reason to take another: the fix names all (%o)", async (has, then) => {
    sells(Object.fromEntries(Object.entries(has).map(([letter, types]) => [`eu-west-1${letter}`, types])));
    const message = await refusal({});
    const way = /fix +(.*)/.exec(message)![1]!;
    const config: Raw = {
      allowedCidrs: '["198.51.100.0/24"]',
      users: JSON.stringify([ACCOUNT]),
    };
    const [fixed] = afterFix(config, way);
    const read = readSettings(fixed!, new Set(["users"]));
    const named = "settings" in read ? read.settings.zones : [];
    expect(named).toEqual(then.map((letter) => `eu-west-1${letter}`));
    expect(zones(await run({ zones: named }))).toHaveLength(2);
  });
});

test("where too few zones sell it, another type is the fix", async () => {
  sells({ "eu-west-1b": ["c6in.large"] });
  expect(await refusal({ zones: ["eu-west-1a", "eu-west-1b"] })).toMatch(
    / {4}fix +another pptp-fleet:instanceType$/,
  );
  vi.restoreAllMocks();
  sells({});
  expect(await refusal({})).toContain("c6in.large is sold in none of the region's\n");
});

test("in an existing VPC the subnet is refused, by its zone", async () => {
  sells({ "eu-west-1a": ["c6in.large"] });
  const message = await refusal({
    frontDoor: "eip",
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  });
  expect(message).toMatch(
    /^1 mistake .*pptp-fleet:subnetIds\n *value +\["subnet-0123456789abcdef1"\]\n *allowed +.*c6in\.large is sold in eu-west-1a; eu-west-1b does not\n *fix +name subnets in such zones, or another pptp-fleet:instanceType$/s,
  );
});

test("a role that may not ask is told which action it wants, and is not stopped", async () => {
  const { answer } = answers;
  vi.spyOn(answers, "answer").mockImplementation((region, token, inputs) => {
    if (token === TOKEN) throw Object.assign(new Error("denied"), { details: "UnauthorizedOperation" });
    return answer(region, token, inputs);
  });
  const warned = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  expect(zones(await run({}))).toHaveLength(2);
  expect(warned.mock.calls.map(([text]) => text)).toContainEqual(
    expect.stringMatching(/c6in\.large.*UnauthorizedOperation; allow ec2:DescribeInstanceTypeOfferings/),
  );
});

test("of a type that the region has not at all nothing more is asked", async () => {
  const { answer } = answers;
  const questions: string[] = [];
  vi.spyOn(answers, "answer").mockImplementation((region, token, inputs) => {
    questions.push(token);
    if (token.endsWith(":getInstanceType"))
      throw Object.assign(new Error("no"), { details: "InvalidInstanceType" });
    return answer(region, token, inputs);
  });
  expect(await refusal({ frontDoor: "eip" })).toMatch(/^1 mistake .*InvalidInstanceType/s);
  expect(questions).not.toContain(TOKEN);
});
