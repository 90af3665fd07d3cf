/** The roles that the program makes: each is taken by one service, and may what whoever has it calls, and nothing else. */

import { beforeAll, describe, expect, test } from "vitest";
import { ROLE } from "../../graph/types.ts";
import { allows, listed, trusts } from "../../offline/iam/policy.ts";
import type { ProgramRun } from "../../offline/program.ts";
import { arn, type Call, call, plain } from "./iam/call.ts";
import { document } from "./iam/document.ts";
import { type Fleets, fleets } from "./iam/fleets.ts";
import { IamGraph } from "./iam/iam-graph.ts";
import {
  bucketPolicy,
  fetchCalls,
  flowLogCalls,
  machineCalls,
  machineRoles,
  objectCalls,
  type ProgramRole,
  programRole,
} from "./iam/program-roles.ts";
import { type Policies, refusals, requests } from "./iam/refusals.ts";

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

/** Each machine of each run, with its role's policies, by themselves and within the bound of docs/ci. */
function machines() {
  return all.runs.flatMap((run) =>
    Object.entries(machineRoles(run)).map(([machine, role]) => {
      const own = { identity: role.policies, resource: bucketPolicy(run) };
      const policies: Policies[] = [own, { ...own, boundary: document("boundary-policy") }];
      return { run, machine, role, policies, calls: machineCalls(run)[machine]! };
    }),
  );
}
const isGateway = ({ machine }: { machine: string }) => machine.startsWith("gateway-");

/** As a test may name it: `GetObject machines/a-1/desired`. */
const named = ({ action, on }: Call) =>
  `${action.slice("s3:".length)} ${Object.values(on)[0]![0]!.arn.replace(/^[^/]+\/?/, "") || "the bucket"}`;

/** Of the calls on any machine's part of the bucket, and on the bucket, those that a machine's policies allow. */
function reach(run: ProgramRun, policy: Policies, tls?: boolean): string[] {
  const calls = Object.values(objectCalls(run, tls)).flat();
  return [...new Set(calls.filter((made) => refusals(policy, made).length === 0).map(named))].sort();
}

describe("a machine's role", () => {
  test("is one for each machine, and its own", () => {
    for (const run of all.runs) {
      const roles = new IamGraph(run).all(ROLE).map(({ name }) => name);
      const own = Object.keys(machineRoles(run)).map((machine) => `pptp-fleet-${machine}`);
      expect(own.length).toBeGreaterThan(1);
      expect(roles.sort()).toEqual([...own, "pptp-fleet-flow-logs"].sort());
    }
  });

  test("is EC2's to give to machines, and nobody else's", () => {
    for (const { role } of machines()) {
      const may = (type: string, name: string) => trusts(role.trust, "sts:AssumeRole", { type, name }, {});
      expect(may("Service", "ec2.amazonaws.com")).toBe(true);
      expect(may("Service", "vpc-flow-logs.amazonaws.com")).toBe(false);
      expect(may("AWS", "*")).toBe(false);
      expect(may("AWS", "arn:aws:iam::111122223333:root")).toBe(false);
    }
  });

  test("may what its scripts call, a server the reading of the accounts, and nothing else", () => {
    for (const { run, machine, role, policies, calls } of machines()) {
      const accounts = isGateway({ machine }) ? [] : ["secretsmanager:GetSecretValue"];
      expect([...new Set(calls.map(({ action }) => action))]).toEqual(accounts);
      const made = [...calls, ...fetchCalls(run, machine)];
      for (const policy of policies) expect(made.flatMap((each) => refusals(policy, each))).toEqual([]);
      expect(unneeded(role, made)).toEqual([]);
    }
  });

  test("may nothing with another stack's secret, nor change its own", () => {
    const other = { Secret: plain(arn("secretsmanager", "secret:pptp-fleet/dev/accounts-AbCdEf")) };
    for (const { policies, calls } of machines().filter((each) => !isGateway(each))) {
      const own = calls[0]!.on;
      const denied = [
        call("secretsmanager:GetSecretValue", other),
        call("secretsmanager:PutSecretValue", own),
        call("secretsmanager:DeleteSecret", own),
      ];
      for (const made of denied) expect(refusals(policies[0]!, made)).toHaveLength(1);
    }
  });

  test("of a gateway may not read the accounts", () => {
    const gateways = machines().filter(isGateway);
    expect(gateways.length).toBeGreaterThan(1);
    for (const { run, policies } of gateways) {
      const [accounts] = Object.values(machineCalls(run)).flat();
      expect(refusals(policies[0]!, accounts!)).toHaveLength(1);
    }
  });
});

describe("of the stack's bucket a machine", () => {
  const own = (run: ProgramRun, machine: string) => fetchCalls(run, machine).map(named).sort();

  test("reads its own pointer and bundles, writes its own status, and is refused all else, of others and of its own", () => {
    for (const { run, machine, policies } of machines()) {
      expect(Object.keys(objectCalls(run)).length).toBeGreaterThan(1);
      for (const policy of policies) expect(reach(run, policy)).toEqual(own(run, machine));
    }
  });

  test("gets nothing of it without TLS, whatever its own policies say", () => {
    for (const { run, policies } of machines()) {
      for (const policy of policies) expect(reach(run, policy, false)).toEqual([]);
      const administrator = [{ Effect: "Allow" as const, Action: "*", Resource: "*" }];
      expect(reach(run, { identity: administrator, resource: bucketPolicy(run) }, false)).toEqual([]);
      expect(reach(run, { identity: administrator }, false).length).toBeGreaterThan(30);
    }
  });

  test.each<[string, (policies: Policies) => Policies]>([
    [
      "a wildcard for the machine",
      (policies) => widened(policies, (arn) => arn.replace(/machines\/[^/]+/, "machines/*")),
    ],
    [
      "one that ends in the machine's name",
      (policies) => widened(policies, (arn) => arn.replace(/-1\/.*/, "*")),
    ],
    ["the whole bucket", (policies) => widened(policies, (arn) => arn.replace(/\/.*/, "/*"))],
    ["a right to list", (policies) => allowed(policies, "s3:ListBucket", (arn) => arn.replace(/\/.*/, ""))],
    ["a right to delete", (policies) => allowed(policies, "s3:DeleteObject", (arn) => arn)],
    [
      "a bucket's policy for everybody",
      ({ identity, resource = [] }) => ({
        identity,
        resource: [...resource, { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" }],
      }),
    ],
  ])("would be found to reach more by %s", (_, change) => {
    const found = machines().filter(({ machine }) => machine === "a-1");
    expect(found.length).toBeGreaterThan(1);
    for (const { run, machine, policies } of found) {
      const more = reach(run, change(policies[0]!));
      expect(more).not.toEqual(own(run, machine));
      expect(more).toEqual(expect.arrayContaining(own(run, machine)));
    }
  });
});

/** With other resources in the statements about objects. */
function widened({ identity, ...rest }: Policies, change: (arn: string) => string): Policies {
  const changed = identity.map((statement) => ({
    ...statement,
    Resource: listed(statement.Resource).map((each) => (each.includes(":s3:") ? change(each) : each)),
  }));
  expect(changed).not.toEqual(identity);
  return { ...rest, identity: changed };
}

/** With one action more, on what the pointer's ARN becomes. */
function allowed({ identity, ...rest }: Policies, Action: string, of: (arn: string) => string): Policies {
  const [pointer] = identity
    .flatMap(({ Resource }) => listed(Resource))
    .filter((each) => each.endsWith("/desired"));
  return { ...rest, identity: [...identity, { Effect: "Allow", Action, Resource: of(pointer!) }] };
}

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
  const calls = [
    ...machines().flatMap(({ run, machine, calls }) => [...calls, ...fetchCalls(run, machine)]),
    ...all.runs.flatMap(flowLogCalls),
  ];
  expect(unneeded({ trust: [], policies: document("boundary-policy") }, calls)).toEqual([]);
});
