/**
 * AWS's own reference held against the calls that test/ci decides: each is an action of AWS's, on resources and with condition
 * keys that it takes, and no action that AWS asks for besides is left out.
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { Call, Target } from "../../ci/iam/call.ts";
import { type Decided, decided } from "./decided.ts";
import { isKey } from "./reference.ts";

let reference: Decided["reference"];
let all: Decided["all"];
let calls: Decided["calls"];
beforeAll(async () => {
  ({ reference, all, calls } = await decided());
});

/** Required types of which AWS means one: the reference has no other way to say so. */
const ONE_OF: Record<string, string[]> = {
  "elasticloadbalancing:DeleteListener": ["listener/app", "listener/gwy", "listener/net"],
  "elasticloadbalancing:ModifyListener": ["listener/app", "listener/gwy", "listener/net"],
  "elasticloadbalancing:ModifyListenerAttributes": ["listener/app", "listener/gwy", "listener/net"],
  "route53:ChangeTagsForResource": ["healthcheck", "hostedzone"],
  "route53:ListTagsForResource": ["healthcheck", "hostedzone"],
};

/** Condition keys of every request. */
const OF_ALL = ["aws:RequestedRegion", "aws:SecureTransport"];

/** What does not fit between a call and the reference. */
function misfits({ action, on, context }: Call): string[] {
  const entry = reference.action(action);
  if (entry === undefined) return [`${action}: no action of AWS's`];
  const { types, conditionKeys } = entry;
  const named = Object.keys(on);
  const required = Object.keys(types).filter((type) => types[type]!.required);
  const missing = required.filter(
    (type) => !named.includes(type) && !ONE_OF[action]?.some((other) => named.includes(other)),
  );
  const keys = (own: Record<string, unknown>, known: string[]) =>
    Object.keys(own)
      .filter((key) => !OF_ALL.includes(key) && !isKey(key, known))
      .map((key) => `${action}: takes no ${key}`);
  const target = (type: string, { arn, context: own }: Target) => [
    ...(reference.hasForm(action, type, arn) ? [] : [`${action}: ${arn} is no ${type}`]),
    ...keys(own, [...conditionKeys, ...types[type]!.conditionKeys]),
  ];
  return [
    ...missing.map((type) => `${action}: on no ${type}`),
    ...keys(context, conditionKeys),
    ...Object.entries(on).flatMap(([type, targets]) =>
      type in types ? targets.flatMap((each) => target(type, each)) : [`${action}: takes no ${type}`],
    ),
  ];
}

describe("each call is one that AWS knows:", () => {
  test.each(["provider", "program", "machines"] as const)("the %s's", (whose) => {
    expect([...new Set(calls[whose].flatMap(misfits))]).toEqual([]);
  });
});

test("a call is found that AWS does not know, and one on what its action does not take", () => {
  const on = { hostedzone: [{ arn: "arn:aws:route53:::hostedzone/Z1", context: {} }] };
  const found = (action: string, rest: Partial<Call> = {}) =>
    misfits({ action, on: {}, context: {}, ...rest });
  expect(found("ec2:DescribeSecurtyGroups")).toEqual(["ec2:DescribeSecurtyGroups: no action of AWS's"]);
  expect(found("route53:CreateHealthCheck", { on })).toEqual([
    "route53:CreateHealthCheck: takes no hostedzone",
  ]);
  expect(found("route53:GetHealthCheck", { on: { healthcheck: on.hostedzone } })).toEqual([
    "route53:GetHealthCheck: arn:aws:route53:::hostedzone/Z1 is no healthcheck",
  ]);
  expect(found("ec2:RunInstances")).toContain("ec2:RunInstances: on no image");
  expect(found("iam:CreateUser", { context: { "iam:PassedToService": "x" } })).toContain(
    "iam:CreateUser: takes no iam:PassedToService",
  );
});

/** Actions that AWS may ask for beside one of ours, and does not as we call it. */
const NOT_ASKED: Record<string, string> = {
  "ecs:ListClusters": "flow logs of a format with ECS's fields; ours is AWS's own",
  "ecs:ListContainerInstances": "the same",
  "ecs:ListServices": "the same",
  "ecs:ListTaskDefinitions": "the same",
  "ecs:ListTasks": "the same",
  "route53:AssociateVPCWithHostedZone":
    "an interface endpoint with a private name; ours is a gateway endpoint",
  "ssm:GetParameters": "an image that a parameter names; ours is named by its ID",
};

test("what AWS asks for beside an action is called in the same operation", () => {
  const left = all.operations.flatMap(({ what, calls: own }) => {
    const made = new Set(own.map(({ action }) => action));
    return own.flatMap(({ action }) =>
      reference
        .action(action)!
        .dependent.filter((asked) => !made.has(asked) && !(asked in NOT_ASKED))
        .map((asked) => `${what}: ${action} asks for ${asked}`),
    );
  });
  expect(left).toEqual([]);
});
