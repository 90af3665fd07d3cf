/** The roles that the program makes: each is taken by one service, and may what whoever has it calls, and nothing else. */
import { beforeAll, describe, expect, test } from "vitest";
import type { ProgramRun } from "../../offline/program.ts";
import { arn, type Call, call, plain } from "./iam/call.ts";
import { allows, type Policies, refusals, requests, trusts } from "./iam/decide.ts";
import { document, listed } from "./iam/document.ts";
import { type Fleets, fleets } from "./iam/fleets.ts";
import { flowLogCalls, machineCalls, type ProgramRole, programRole } from "./iam/program-roles.ts";

let all: Fleets;
beforeAll(async () => {
  all = await fleets();
});

/** Each run of the program, with a role's policies, by themselves and within the bound of docs/ci. */
function each(name: string): { run: ProgramRun; role: ProgramRole; policies: Policies[] }[] {
  return all.runs.map((run) => {
    const role = programRole(run, name);
    const identity = role.policies;
    return { run, role, policies: [{ identity }, { identity, boundary: document("boundary-policy") }] };
  });
}

/** Actions of the policies that none of the calls needs. */
function unneeded({ policies }: ProgramRole, calls: Call[]): string[] {
  return policies.flatMap((statement) =>
    listed(statement.Action).filter(
      (action) =>
        !calls.some(
          (made) =>
            made.action === action &&
            requests(made).some(({ resource, context }) => allows([statement], action, resource, context)),
        ),
    ),
  );
}

const ACCOUNT = { "aws:SourceAccount": "111122223333" };
const LOG = { "aws:SourceArn": arn("ec2", "vpc-flow-log/fl-0123456789abcdef0") };

describe("the servers' role", () => {
  const server = (run: ProgramRun) => {
    const calls = Object.entries(machineCalls(run)).filter(([name]) => !name.startsWith("gateway-"));
    return calls.flatMap(([, made]) => made);
  };

  test("is EC2's to give to machines, and nobody else's", () => {
    for (const { role } of each("pptp-fleet")) {
      const may = (type: string, name: string) => trusts(role.trust, "sts:AssumeRole", { type, name }, {});
      expect(may("Service", "ec2.amazonaws.com")).toBe(true);
      expect(may("Service", "vpc-flow-logs.amazonaws.com")).toBe(false);
      expect(may("AWS", "*")).toBe(false);
      expect(may("AWS", "arn:aws:iam::111122223333:root")).toBe(false);
    }
  });

  test("may what the scripts on servers call: the reading of their own secret", () => {
    for (const { run, role, policies } of each("pptp-fleet")) {
      const calls = server(run);
      expect(new Set(calls.map(({ action }) => action))).toEqual(new Set(["secretsmanager:GetSecretValue"]));
      for (const policy of policies) expect(calls.flatMap((made) => refusals(policy, made))).toEqual([]);
      expect(unneeded(role, calls)).toEqual([]);
    }
  });

  test("may nothing with another stack's secret, nor change its own", () => {
    const other = { Secret: plain(arn("secretsmanager", "secret:pptp-fleet/dev/accounts-AbCdEf")) };
    for (const { run, policies } of each("pptp-fleet")) {
      const own = server(run)[0]!.on;
      const denied = [
        call("secretsmanager:GetSecretValue", other),
        call("secretsmanager:PutSecretValue", own),
        call("secretsmanager:DeleteSecret", own),
      ];
      for (const made of denied) expect(refusals(policies[0]!, made)).toHaveLength(1);
    }
  });
});

test("gateways call nothing of AWS, and have no role", () => {
  for (const run of all.runs) {
    const gateways = Object.entries(machineCalls(run)).filter(([name]) => name.startsWith("gateway-"));
    expect(gateways.flatMap(([, made]) => made)).toEqual([]);
    const instances = run.resources.filter(({ inputs }) => inputs.tags?.gateway && inputs.instanceType);
    expect(instances.map(({ inputs }) => inputs.iamInstanceProfile)).toEqual(instances.map(() => undefined));
  }
});

describe("the flow logs' role", () => {
  test("is the VPC's service's, for flow logs of this account and region", () => {
    for (const { role } of each("pptp-fleet-flow-logs")) {
      const may = (context: Record<string, string>, name = "vpc-flow-logs.amazonaws.com") =>
        trusts(role.trust, "sts:AssumeRole", { type: "Service", name }, context);
      expect(may({ ...ACCOUNT, ...LOG })).toBe(true);
      expect(may({ ...ACCOUNT, ...LOG }, "ec2.amazonaws.com")).toBe(false);
      expect(may({ ...LOG, "aws:SourceAccount": "999999999999" })).toBe(false);
      expect(
        may({ ...ACCOUNT, "aws:SourceArn": LOG["aws:SourceArn"].replace("eu-west-1", "us-east-1") }),
      ).toBe(false);
      expect([may(ACCOUNT), may(LOG), may({})]).toEqual([false, false, false]);
    }
  });

  test("may what flow logs call, and nothing else", () => {
    for (const { run, role, policies } of each("pptp-fleet-flow-logs")) {
      const calls = flowLogCalls(run);
      expect(calls).toHaveLength(4);
      for (const policy of policies) expect(calls.flatMap((made) => refusals(policy, made))).toEqual([]);
      expect(unneeded(role, calls)).toEqual([]);
    }
  });

  test("may nothing with another group of logs", () => {
    const stream = { "log-stream": plain(arn("logs", "log-group:/aws/lambda/shop:log-stream:x")) };
    for (const { policies } of each("pptp-fleet-flow-logs"))
      expect(refusals(policies[0]!, call("logs:PutLogEvents", stream))).toHaveLength(1);
  });
});

test("the bound holds what these roles may, and no more", () => {
  const calls = all.runs.flatMap((run) => [...Object.values(machineCalls(run)).flat(), ...flowLogCalls(run)]);
  expect(unneeded({ trust: [], policies: document("boundary-policy") }, calls)).toEqual([]);
});
