import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { ACCOUNT, type Config, run } from "./run.ts";

/** The message with which the program refuses; fails where it does not, or refuses by another kind of error. */
async function refusal(config: Config, options: Parameters<typeof run>[1] = {}): Promise<string> {
  const error = await run(config, options).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  return (error as Error).message;
}

describe("the program refuses, before any resource,", () => {
  test("all of a config's mistakes at once", async () => {
    const message = await refusal({ servers: 0, pathMtu: 9000, allowedCidrs: [], servrs: 3 });
    expect(message).toMatch(/^4 mistakes/);
    for (const key of ["servers", "pathMtu", "allowedCidrs", "servrs"])
      expect(message).toContain(`pptp-fleet:${key}\n`);
  });

  test("accounts in plain text, without repeating them, with the command that sets it right", async () => {
    const message = await refusal({}, { secret: [] });
    expect(message).toContain("pulumi config set --secret pptp-fleet:users");
    expect(message).not.toContain(ACCOUNT.password);
  });

  test("a zone that the region lacks, with those that it has", async () => {
    expect(await refusal({ zones: ["eu-west-1a", "eu-west-1f"] })).toMatch(
      /pptp-fleet:zones\n.*eu-west-1f.*\n.*eu-west-1a, eu-west-1b, eu-west-1c/,
    );
  });

  test("a type without several queues before AWS is asked", async () => {
    expect(await refusal({ instanceType: "m4.large" })).toMatch(/pptp-fleet:instanceType\n/);
  });

  test("a VPC or subnet that AWS does not know, in AWS's words", async () => {
    const subnetIds = ["subnet-0123456789abcdef0"];
    expect(await refusal({ vpcId: "vpc-0fffffffffffffff0", subnetIds })).toMatch(
      /pptp-fleet:vpcId\n.*vpc-0fffffffffffffff0"\n.*no matching EC2 VPC found/,
    );
    expect(
      await refusal({ vpcId: "vpc-0123456789abcdef0", subnetIds: ["subnet-0fffffffffffffff0"] }),
    ).toMatch(/pptp-fleet:subnetIds\n.*\n.*no matching EC2 Subnet found/);
  });

  test("a clients' pool inside the existing VPC", async () => {
    const config = {
      vpcId: "vpc-0123456789abcdef0",
      subnetIds: ["subnet-0123456789abcdef0"],
      clientPool: "10.20.128.0/17",
    };
    expect(await refusal(config)).toMatch(/pptp-fleet:clientPool\n.*\n.*outside vpc-0123456789abcdef0/);
  });

  test("more servers than the pool has shares", async () => {
    expect(await refusal({ servers: 3, clientPool: "10.99.0.0/22" })).toMatch(
      /pptp-fleet:clientPool\n.*\n.*it holds 4/,
    );
  });
});
