/** Flow logs: what is watched, where records go, and who may write them there. */
import { beforeAll, describe, expect, test } from "vitest";
import type { ProgramRun } from "../../../offline/program.ts";
import { all, one, run } from "../../program/run.ts";

const NAME = "pptp-fleet-flow-logs";

let fleet: ProgramRun;
beforeAll(async () => {
  fleet = await run();
});

const document = (text: string) => JSON.parse(text).Statement;

describe("flow logs", () => {
  test("are of the whole VPC, accepted and refused, into one log group", () => {
    expect(all(fleet, "FlowLog").map(({ name, inputs }) => [name, inputs])).toEqual([
      [
        `${NAME}-vpc`,
        {
          vpcId: one(fleet, "Vpc", "pptp-fleet").id,
          trafficType: "ALL",
          maxAggregationInterval: 600,
          logDestinationType: "cloud-watch-logs",
          logDestination: one(fleet, "LogGroup", NAME).state.arn,
          iamRoleArn: one(fleet, "Role", NAME).state.arn,
          tags: { Name: "pptp-fleet-dev-flow-logs", project: "pptp-fleet", stack: "dev" },
        },
      ],
    ]);
  });

  test("are of the servers' subnets where the VPC is another's", async () => {
    const existing = await run({
      frontDoor: "eip",
      vpcId: "vpc-0123456789abcdef0",
      subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    });
    expect(all(existing, "FlowLog").map(({ name, inputs }) => [name, inputs.subnetId, inputs.vpcId])).toEqual(
      [
        [`${NAME}-a`, "subnet-0123456789abcdef0", undefined],
        [`${NAME}-b`, "subnet-0123456789abcdef1", undefined],
      ],
    );
  });

  test("are kept for a year, or for as long as config says", async () => {
    const days = ({ resources }: ProgramRun) =>
      resources.find(({ type }) => type.endsWith(":LogGroup"))!.inputs.retentionInDays;
    expect([days(fleet), days(await run({ flowLogRetentionDays: 30 }))]).toEqual([365, 30]);
  });

  test("come from the VPC's service in this account and region, and from nobody else's", () => {
    expect(document(one(fleet, "Role", NAME).inputs.assumeRolePolicy)).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": "000000000000" },
          ArnLike: { "aws:SourceArn": "arn:aws:ec2:offline:000000000000:vpc-flow-log/*" },
        },
      },
    ]);
  });

  test("are written into their group only", () => {
    const group = "arn:aws:logs:offline:000000000000:log-group:/pptp-fleet/dev/flow-logs";
    expect(document(one(fleet, "RolePolicy", NAME).inputs.policy)).toEqual([
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: [group, `${group}:*`],
      },
      { Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
    ]);
  });

  test("wait for the right to write", () => {
    expect(one(fleet, "FlowLog", `${NAME}-vpc`).options.dependsOn).toContain(
      one(fleet, "RolePolicy", NAME).urn,
    );
  });

  test("are the same under either front door", async () => {
    const own = ({ resources }: ProgramRun) => resources.filter(({ urn }) => urn.includes("FlowLogs"));
    expect(own(await run({ frontDoor: "eip" }))).toEqual(own(fleet));
  });
});

test("the VPC's default group is taken over, and has no rule", () => {
  const { inputs } = one(fleet, "DefaultSecurityGroup", "pptp-fleet");
  expect(inputs).toEqual({
    vpcId: one(fleet, "Vpc", "pptp-fleet").id,
    tags: { Name: "pptp-fleet-dev-default-closed", project: "pptp-fleet", stack: "dev" },
  });
});
