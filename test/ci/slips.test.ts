/** Policies of docs/ci with one slip each, as they were or could be: the decisions find it. */

import { beforeAll, expect, test } from "vitest";
import type { Statement } from "../../offline/iam/policy.ts";
import { document } from "./iam/document.ts";
import { type Fleets, fleets } from "./iam/fleets.ts";
import { refusals } from "./iam/refusals.ts";

let all: Fleets;
beforeAll(async () => {
  all = await fleets();
});

/** The deploy policy with statements changed, and by kind of operation the actions that it then refuses. */
function refused(change: (statement: Statement) => Statement): string[] {
  const before = document("deploy-policy");
  const identity = before.map((statement) => change(structuredClone(statement)));
  expect(identity).not.toEqual(before);
  const denied = all.operations.flatMap(({ what, calls }) =>
    calls
      .filter((each) => refusals({ identity }, each).length > 0)
      .map(({ action }) => `${what.replace(/ \S+:/, ":")}: ${action}`),
  );
  return [...new Set(denied)].sort();
}

const without = (action: string) => (statement: Statement) => ({
  ...statement,
  Action: [statement.Action].flat().filter((each) => each !== action),
});
const on = (sid: string, changes: Partial<Statement>) => (statement: Statement) =>
  statement.Sid === sid ? { ...statement, ...changes } : statement;

test.each<[string, (statement: Statement) => Statement, string[]]>([
  [
    "what ELB asks of the caller",
    without("ec2:GetSecurityGroupsForVpc"),
    [
      "LoadBalancer: create: ec2:GetSecurityGroupsForVpc",
      "LoadBalancer: update securityGroups: ec2:GetSecurityGroupsForVpc",
    ],
  ],
  [
    "a resource for an action that knows none",
    on("NewNameHealth", { Resource: "arn:aws:route53:::healthcheck/*" }),
    ["HealthCheck: create: route53:CreateHealthCheck"],
  ],
  [
    "an action of an update",
    without("iam:UpdateRoleDescription"),
    ["Role: update description: iam:UpdateRoleDescription"],
  ],
  [
    "an ARN in place of *",
    on("Look", { Resource: "arn:aws:logs:eu-west-1:111122223333:log-group:*" }),
    expect.arrayContaining(["LogGroup: read: logs:DescribeLogGroups"]),
  ],
  [
    "one of the resources of a call that has several",
    on("Network", { Resource: "arn:aws:ec2:eu-west-1:111122223333:*" }),
    ["Instance: create: ec2:RunInstances"],
  ],
  [
    "the service that a role is handed to",
    on("HandRoles", { Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } } }),
    ["FlowLog: create: iam:PassRole"],
  ],
  [
    "a condition key that the call does not have",
    on("NewTags", { Condition: { StringEquals: { "aws:RequestTag/fleet": "prod" } } }),
    expect.arrayContaining(["Vpc: create: ec2:CreateTags", "Instance: create: ec2:CreateTags"]),
  ],
  [
    "a region of a service that has none",
    on("NewNameHealth", { Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } } }),
    ["HealthCheck: create: route53:CreateHealthCheck"],
  ],
  [
    "another name for roles",
    on("BoundRoles", { Resource: "arn:aws:iam::111122223333:role/fleet-*" }),
    [
      ...["Role: create: iam:CreateRole", "Role: update permissionsBoundary: iam:PutRolePermissionsBoundary"],
      ...["RolePolicy: create: iam:PutRolePolicy", "RolePolicy: update policy: iam:PutRolePolicy"],
    ],
  ],
])("%s", (_, change, expected) => {
  expect(refused(change)).toEqual(expected);
});
