/**
 * AWS's own reference, and the calls that test/ci decides, held against each policy: those of docs/ci and of the program's
 * roles. A policy names actions, resources and condition keys that there are, and none that no call needs.
 */

import { beforeAll, describe, expect, test } from "vitest";
import { allows, listed, type Statement } from "../../../offline/iam/policy.ts";
import type { Call } from "../../ci/iam/call.ts";
import { document } from "../../ci/iam/document.ts";
import { type ProgramRole, programRole } from "../../ci/iam/program-roles.ts";
import { requests } from "../../ci/iam/refusals.ts";
import { type Decided, decided } from "./decided.ts";
import { isKey, type Reference } from "./reference.ts";

/** What is allowed beyond what is called, by the pattern of the policy, and why. */
const MORE: Record<string, string> = {
  "ec2:Describe*": "what the provider looks at is more with its versions; docs/ci.md says what is in sight",
  "elasticloadbalancing:Describe*": "the same",
  "secretsmanager:ListSecretVersionIds": "the provider lists versions in some updates, and no values",
};

interface Policy {
  name: string;
  statements: Statement[];
  /** What it is for. */
  needs: Call[];
}

let reference: Reference;
let calls: Decided["calls"];
let roles: Record<string, ProgramRole>;
let policies: Policy[];
beforeAll(async () => {
  const { all, ...rest } = await decided();
  ({ reference, calls } = rest);
  const names = ["pptp-fleet-a-1", "pptp-fleet-gateway-a", "pptp-fleet-flow-logs"];
  roles = Object.fromEntries(names.map((name) => [name, programRole(all.runs[0]!, name)]));
  const { provider, program, machines } = calls;
  policies = [
    { name: "preview", statements: document("preview-policy"), needs: program },
    { name: "deploy", statements: document("deploy-policy"), needs: [...provider, ...program] },
    { name: "boundary", statements: document("boundary-policy"), needs: machines },
    ...names.map((name) => ({ name, statements: roles[name]!.policies, needs: machines })),
  ];
});

/** What a check finds in a statement's action, which may be a pattern. */
type Check = (pattern: string, statement: Statement, needs: Call[]) => string[];

/** By policy and statement. */
function find(check: Check, among = policies): string[] {
  return among.flatMap(({ name, statements, needs }) =>
    statements.flatMap((statement) =>
      listed(statement.Action).flatMap((pattern) =>
        check(pattern, statement, needs).map((found) => `${name} ${statement.Sid ?? ""}: ${found}`),
      ),
    ),
  );
}

const unknown: Check = (pattern) => (reference.expand(pattern).length === 0 ? [pattern] : []);

/** The actions of a pattern that a call needs which this very statement allows. */
function needed(pattern: string, statement: Statement, needs: Call[]): string[] {
  const expanded = new Set(reference.expand(pattern));
  const own = needs.filter(({ action }) => expanded.has(action));
  const allowed = own.filter((call) => requests(call).some((request) => allowedBy(statement, call, request)));
  return [...new Set(allowed.map(({ action }) => action))];
}

function allowedBy(statement: Statement, { action }: Call, request: ReturnType<typeof requests>[number]) {
  return allows([statement], action, request.resource, request.context);
}

const unneeded: Check = (pattern, statement, needs) => {
  if (pattern in MORE) return [];
  const used = needed(pattern, statement, needs);
  // What one of those allows on everything is nothing more in another.
  const more = Object.keys(MORE).flatMap((each) => reference.expand(each));
  return reference.expand(pattern).filter((action) => !used.includes(action) && !more.includes(action));
};

const strangeConditions: Check = (pattern, statement, needs) => {
  const keys = Object.values(statement.Condition ?? {}).flatMap((each) => Object.keys(each));
  // Of all of AWS's actions.
  const own = keys.filter((key) => key !== "aws:RequestedRegion");
  const actions = pattern.includes("*") ? needed(pattern, statement, needs) : [pattern];
  return actions.flatMap((action) => {
    const { conditionKeys, types } = reference.action(action)!;
    const known = [...conditionKeys, ...Object.values(types).flatMap((type) => type.conditionKeys)];
    return own.filter((key) => !isKey(key, known)).map((key) => `${action} knows no ${key}`);
  });
};

function idleResources(among = policies): string[] {
  return among.flatMap(({ name, statements, needs }) =>
    statements.flatMap((statement) =>
      listed(statement.Resource)
        .filter((Resource) => {
          const only = { ...statement, Resource };
          return !needs.some((call) => requests(call).some((request) => allowedBy(only, call, request)));
        })
        .map((resource) => `${name} ${statement.Sid ?? ""}: ${resource}`),
    ),
  );
}

describe("each policy names", () => {
  test("actions that AWS has", () => {
    expect(find(unknown)).toEqual([]);
  });

  test("no action that no call needs, but for those with a reason", () => {
    expect(find(unneeded)).toEqual([]);
  });

  test("no resource that no call is on", () => {
    expect(idleResources()).toEqual([]);
  });

  test("conditions that its actions know", () => {
    expect(find(strangeConditions)).toEqual([]);
  });
});

test("each reason is for something", () => {
  const patterns = policies.flatMap(({ statements }) => statements.flatMap(({ Action }) => listed(Action)));
  expect(Object.keys(MORE).filter((pattern) => !patterns.includes(pattern))).toEqual([]);
});

test("who takes a role is said by actions that AWS has", () => {
  const own = Object.values(roles).flatMap(({ trust }) => trust);
  const trusts = [...own, ...document("preview-trust"), ...document("deploy-trust")];
  const actions = trusts.flatMap(({ Action }) => listed(Action));
  expect(actions.filter((action) => reference.action(action) === undefined)).toEqual([]);
});

describe("a slip is found:", () => {
  /** A policy of one statement, for what the provider calls. */
  const slip = (statement: Partial<Statement>): Policy[] => {
    const whole: Statement = { Effect: "Allow", Action: "ec2:CreateVpc", Resource: "*", ...statement };
    return [{ name: "slip", statements: [whole], needs: calls.provider }];
  };

  test("a typing error", () => {
    expect(find(unknown, slip({ Action: ["ec2:DescribeSecurtyGroups", "ec2:CreateVpc", "ec3:*"] }))).toEqual([
      "slip : ec2:DescribeSecurtyGroups",
      "slip : ec3:*",
    ]);
  });

  test("an action that no call needs, by its name, by a pattern, or as it is allowed", () => {
    expect(find(unneeded, slip({ Action: "ec2:MonitorInstances" }))).toEqual(["slip : ec2:MonitorInstances"]);
    expect(find(unneeded, slip({ Action: "iam:DeleteRole*" }))).toEqual([
      "slip : iam:DeleteRolePermissionsBoundary",
    ]);
    expect(find(unneeded, slip({ Resource: "arn:aws:ec2:us-east-1:*:*" }))).toEqual(["slip : ec2:CreateVpc"]);
  });

  test("a resource that no call is on", () => {
    const elsewhere = "arn:aws:ec2:us-east-1:111122223333:vpc/*";
    expect(idleResources(slip({ Resource: ["*", elsewhere] }))).toEqual([`slip : ${elsewhere}`]);
  });

  test("a condition that the action does not know", () => {
    const Condition = { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } };
    expect(find(strangeConditions, slip({ Condition }))).toEqual([
      "slip : ec2:CreateVpc knows no iam:PassedToService",
    ]);
  });
});
