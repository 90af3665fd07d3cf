/** What AWS's stand-in says of instance types, and what it says that it does not know. */
import { describe, expect, test } from "vitest";
import { answer, assumptions } from "../../offline/answers.ts";
import { run } from "../program/run.ts";

const TYPE = "aws:ec2/getInstanceType:getInstanceType";
const described = (instanceType: string) => {
  const { defaultVcpus, supportedArchitectures } = answer("eu-west-1", TYPE, { instanceType });
  return [defaultVcpus, ...supportedArchitectures];
};

describe("an instance type", () => {
  test.each([
    ["c6in.large", 2, "x86_64"],
    ["c6in.32xlarge", 128, "x86_64"],
    ["c7gn.large", 2, "arm64"],
    ["g5g.xlarge", 4, "arm64"],
    ["g4dn.xlarge", 4, "x86_64"],
    ["im4gn.4xlarge", 16, "arm64"],
  ])("%s has %i vCPUs, %s", (type, vcpus, architecture) => {
    expect(described(type)).toEqual([vcpus, architecture]);
  });
});

describe("a plan without AWS", () => {
  const told = async (config: Record<string, unknown>) => assumptions((await run(config)).questions);

  test("takes nothing for granted of types that are known", async () => {
    expect(await told({ gatewayInstanceType: "t3.small" })).toEqual([]);
  });

  test.each(["c99x.4xlarge", "c6in.7xlarge"])(
    "says that it does not know %s, and what it takes it for",
    async (type) => {
      const vcpus = type === "c99x.4xlarge" ? 16 : 28;
      expect(await told({ instanceType: type, frontDoor: "eip" })).toEqual([
        expect.stringMatching(
          `^${type} is no type that this plan knows .*: by its name it is taken for x86-64 with ${vcpus} vCPUs; pulumi preview asks AWS`,
        ),
      ]);
    },
  );

  test("says so of the gateways' type too, each once", async () => {
    const types = { instanceType: "c99g.large", gatewayInstanceType: "c98g.large" };
    expect(await told(types)).toEqual([
      expect.stringMatching(/^c99g\.large is no type .* Graviton/),
      expect.stringMatching(/^c98g\.large is no type/),
    ]);
    expect(await told({ ...types, gatewayInstanceType: "c99g.large" })).toHaveLength(1);
  });
});
