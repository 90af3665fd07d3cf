import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { INSTANCE } from "../../graph/types.ts";
import * as answers from "../../offline/answers.ts";
import { ACCOUNT, type Config, run } from "./run.ts";

/** What a run asked of AWS and what it made there, which a run that is refused does not hand back. */
const done = { questions: [] as string[], made: [] as string[] };
beforeEach(() => {
  done.questions.length = 0;
  done.made.length = 0;
  const { answer, made } = answers;
  vi.spyOn(answers, "answer").mockImplementation((...args) => {
    done.questions.push(args[1]);
    return answer(...args);
  });
  vi.spyOn(answers, "made").mockImplementation((...args) => {
    done.made.push(args[0]);
    return made(...args);
  });
});
afterEach(() => vi.restoreAllMocks());

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

  test("a default tag of the provider's that AWS would refuse half-way", async () => {
    const tags = { owner: "Smith & Sons", Project: "x", cost: "7" };
    const message = await refusal({ "aws:defaultTags": { tags } });
    expect(message).toMatch(/^2 mistakes/);
    expect(message).toMatch(/ {2}aws:defaultTags\.tags\["owner"\]\n.*Smith & Sons.*\n.*its value has &/);
    expect(message).toMatch(/ {2}aws:defaultTags\.tags\["Project"\]\n.*\n.*it is project in another case/);
    expect(done).toEqual({ questions: [], made: [] });
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
    const frontDoor = "eip";
    expect(await refusal({ frontDoor, vpcId: "vpc-0fffffffffffffff0", subnetIds })).toMatch(
      /pptp-fleet:vpcId\n.*vpc-0fffffffffffffff0"\n.*no matching EC2 VPC found/,
    );
    expect(
      await refusal({ frontDoor, vpcId: "vpc-0123456789abcdef0", subnetIds: ["subnet-0fffffffffffffff0"] }),
    ).toMatch(/pptp-fleet:subnetIds\[0\]\n.*\n.*no matching EC2 Subnet found/);
  });

  test("a clients' pool inside the existing VPC", async () => {
    const config = {
      frontDoor: "eip",
      vpcId: "vpc-0123456789abcdef0",
      subnetIds: ["subnet-0123456789abcdef0"],
      clientPool: "10.20.128.0/17",
    };
    expect(await refusal(config)).toMatch(/pptp-fleet:clientPool\n.*\n.*outside vpc-0123456789abcdef0/);
  });

  test("a gateway's type with another processor than the servers'", async () => {
    expect(await refusal({ gatewayInstanceType: "c7gn.large" })).toMatch(
      /pptp-fleet:gatewayInstanceType\n.*\n.*the servers' processor: c6in.large is x86_64, this one arm64/,
    );
  });

  test("more servers behind a zone's gateway than call IDs tell apart", async () => {
    expect(await refusal({ servers: 125, clientPool: "10.128.0.0/9" })).toMatch(
      /pptp-fleet:servers\n.*125\n.*124 with frontDoor nlb in 2 zones/,
    );
  });

  test("more queues than the type's card has", async () => {
    expect(await refusal({ nic: { queues: 3 } })).toMatch(
      /^1 mistake .*pptp-fleet:nic\.queues\n *value +3\n *allowed +at most 2: c6in\.large has 2 vCPUs/s,
    );
  });

  test("a resolver at a server's own address", async () => {
    expect(await refusal({ dns: ["10.42.0.4"] })).toMatch(
      /^1 mistake .*pptp-fleet:dns\[0\]\n *value +"10\.42\.0\.4"\n *allowed +.* a-1's own/s,
    );
  });

  test("more servers than the largest pool has shares, with what it has room for", async () => {
    const message = await refusal({ servers: 10_000, frontDoor: "eip", vpcCidr: "172.16.0.0/16" });
    expect(message).toMatch(/pptp-fleet:clientPool\n/);
    expect(message).not.toMatch(/\/7|clientPool of \/[0-7]\b/);
  });

  test("more servers than the pool has shares", async () => {
    expect(await refusal({ servers: 3, clientPool: "10.99.0.0/22" })).toMatch(
      /pptp-fleet:clientPool\n.*\n.*it holds 4/,
    );
  });
});

describe("the program refuses, before any resource and before AWS is asked,", () => {
  test.each<[string, Config, RegExp]>([
    [
      "a chain of timers that is broken",
      { keepalive: { lcpEchoInterval: 60 } },
      /^1 mistake .*pptp-fleet:keepalive\.lcpEchoInterval\n.*LCP echo 60 s not < a client's NAT 60 s/s,
    ],
    [
      "a packet size that the path does not carry",
      { pathMtu: 1400, mtu: { mtu: 1361 } },
      /^1 mistake .*pptp-fleet:mtu\.mtu\n *value +1361\n *allowed +at most 1360/s,
    ],
    [
      "both at once",
      { mtu: { mss: 1417 }, keepalive: { clientNatTcp: 60 } },
      /^2 mistakes .*pptp-fleet:mtu\.mss\n.*pptp-fleet:keepalive\.clientNatTcp\n/s,
    ],
    ["members that contradict each other", { ppp: { mppe: "none" } }, /^1 mistake .*pptp-fleet:ppp\.mppe\n/s],
  ])("%s", async (_, config, message) => {
    expect(await refusal(config)).toMatch(message);
    expect(done).toEqual({ questions: [], made: [] });
  });

  test("and asks and makes where nothing is refused", async () => {
    await run();
    expect(done.questions).toContain("aws:ec2/getInstanceType:getInstanceType");
    expect(done.made).toContain(INSTANCE);
  });
});

test("a mistake that AWS's answer shows is refused before any resource too", async () => {
  await refusal({ zones: ["eu-west-1f"] });
  expect(done.questions).toContain("aws:index/getAvailabilityZones:getAvailabilityZones");
  expect(done.made).toEqual([]);
});
