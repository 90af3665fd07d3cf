/**
 * AWS's own reference held against what test/ci decides by: each call is an action of AWS's, on resources and with condition
 * keys that it takes; no action that it asks for besides is left out; and a policy names what there is and what is needed.
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { Call, Target } from "../../ci/iam/call.ts";
import { open, questions, write } from "../../ci/iam/calls/pulumi.ts";
import { allows, requests } from "../../ci/iam/decide.ts";
import { document, listed, type Statement } from "../../ci/iam/document.ts";
import { type Fleets, fleets } from "../../ci/iam/fleets.ts";
import { lives } from "../../ci/iam/operations.ts";
import { flowLogCalls, machineCalls, programRole } from "../../ci/iam/program-roles.ts";
import { isKey, Reference } from "./reference.ts";

let reference: Reference;
let all: Fleets;
/** By whose they are. */
let calls: Record<"provider" | "program" | "machines", Call[]>;
beforeAll(async () => {
  reference = await Reference.installed();
  all = await fleets();
  calls = {
    provider: all.operations.flatMap((operation) => operation.calls),
    program: [...Object.values(questions).flat(), ...open, ...write],
    machines: all.runs.flatMap((run) => [...Object.values(machineCalls(run)).flat(), ...flowLogCalls(run)]),
  };
});

/** Required types of which AWS means one: the reference has no other way to say so. */
const ONE_OF: Record<string, string[]> = {
  "elasticloadbalancing:DeleteListener": ["listener/app", "listener/gwy", "listener/net"],
  "elasticloadbalancing:ModifyListener": ["listener/app", "listener/gwy", "listener/net"],
  "elasticloadbalancing:ModifyListenerAttributes": ["listener/app", "listener/gwy", "listener/net"],
  "route53:ChangeTagsForResource": ["healthcheck", "hostedzone"],
  "route53:ListTagsForResource": ["healthcheck", "hostedzone"],
};

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
      .filter((key) => key !== "aws:RequestedRegion" && !isKey(key, known))
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

/** Actions that AWS may ask for beside one of ours, and does not as we call it. */
const NOT_ASKED: Record<string, string> = {
  "ecs:ListClusters": "flow logs of a format with ECS's fields; ours is AWS's own",
  "ecs:ListContainerInstances": "the same",
  "ecs:ListServices": "the same",
  "ecs:ListTaskDefinitions": "the same",
  "ecs:ListTasks": "the same",
  "ssm:GetParameters": "an image that a parameter names; ours is named by its ID",
};

test("what AWS asks for beside an action is called in the same operation", () => {
  const left = all.operations.flatMap(({ what, calls: own }) => {
    const made = new Set(own.map(({ action }) => action));
    return own.flatMap(({ action }) =>
      reference
        .action(action)!
        .dependent.filter((asked) => !made.has(asked) && !(asked in NOT_ASKED))
        // A machine without an instance profile hands over no role.
        .filter((asked) => asked !== "iam:PassRole" || !what.includes("gateway-"))
        .map((asked) => `${what}: ${action} asks for ${asked}`),
    );
  });
  expect(left).toEqual([]);
});

interface Document {
  name: string;
  statements: Statement[];
  needs: Call[];
}

/** Every document of docs/ci that says what a role may, and the roles that the program makes, each with what it is for. */
function documents(): Document[] {
  const run = all.runs[0]!;
  return [
    { name: "preview-policy", statements: document("preview-policy"), needs: calls.program },
    {
      name: "deploy-policy",
      statements: document("deploy-policy"),
      needs: [...calls.provider, ...calls.program],
    },
    { name: "boundary-policy", statements: document("boundary-policy"), needs: calls.machines },
    ...["pptp-fleet", "pptp-fleet-flow-logs"].map((name) => ({
      name: `the role ${name}`,
      statements: programRole(run, name).policies,
      needs: calls.machines,
    })),
  ];
}

/** What is allowed beyond what is called, by the pattern of the document, and why. */
const MORE: Record<string, string> = {
  "ec2:Describe*": "what the provider looks at is more with its versions; docs/ci.md says what is in sight",
  "elasticloadbalancing:Describe*": "the same",
  "secretsmanager:ListSecretVersionIds":
    "the provider lists versions in some updates; it names none of what they hold",
};

/** Which actions of a statement's pattern a call needs that this very statement allows. */
function needed(pattern: string, statement: Statement, needs: Call[]): Set<string> {
  const expanded = new Set(reference.expand(pattern));
  const own = needs.filter(
    (each) =>
      expanded.has(each.action) &&
      requests(each).some(({ resource, context }) => allows([statement], each.action, resource, context)),
  );
  return new Set(own.map(({ action }) => action));
}

const actionsOf = ({ name, statements, needs }: Document) =>
  statements.flatMap((statement) =>
    listed(statement.Action).map((pattern) => ({
      where: `${name} ${statement.Sid ?? ""}: ${pattern}`,
      ...{ pattern, statement, needs },
    })),
  );

describe("each policy", () => {
  test("names actions that AWS has", () => {
    const unknown = documents()
      .flatMap(actionsOf)
      .filter(({ pattern }) => reference.expand(pattern).length === 0);
    expect(unknown.map(({ where }) => where)).toEqual([]);
  });

  test("says who takes a role by actions that AWS has", () => {
    const own = ["pptp-fleet", "pptp-fleet-flow-logs"].map((name) => programRole(all.runs[0]!, name).trust);
    const trusts = [...own, document("preview-trust"), document("deploy-trust")].flat();
    const actions = trusts.flatMap(({ Action }) => listed(Action));
    expect(actions.filter((action) => reference.action(action) === undefined)).toEqual([]);
  });

  test("names no action that no call needs, but for those with a reason", () => {
    const wide = documents()
      .flatMap(actionsOf)
      .filter(({ pattern }) => !(pattern in MORE))
      .flatMap(({ where, pattern, statement, needs }) => {
        const used = needed(pattern, statement, needs);
        // What another statement allows on everything is nothing more here.
        const looks = reference
          .expand("ec2:Describe*")
          .concat(reference.expand("elasticloadbalancing:Describe*"));
        return reference
          .expand(pattern)
          .filter((action) => !used.has(action) && !looks.includes(action))
          .map((action) => (action === pattern ? where : `${where}, which is ${action}`));
      });
    expect(wide).toEqual([]);
  });

  test("has a reason for each that is allowed beyond, and each is there", () => {
    const patterns = documents()
      .flatMap(actionsOf)
      .map(({ pattern }) => pattern);
    expect(Object.keys(MORE).filter((pattern) => !patterns.includes(pattern))).toEqual([]);
  });

  test("names no resource that no call is on", () => {
    const idle = documents().flatMap(({ name, statements, needs }) =>
      statements.flatMap((statement) =>
        listed(statement.Resource)
          .filter(
            (resource) =>
              !needs.some((each) =>
                requests(each).some((request) =>
                  allows(
                    [{ ...statement, Resource: resource }],
                    each.action,
                    request.resource,
                    request.context,
                  ),
                ),
              ),
          )
          .map((resource) => `${name} ${statement.Sid ?? ""}: ${resource}`),
      ),
    );
    expect(idle).toEqual([]);
  });

  test("sets only conditions that its actions know", () => {
    const strange = documents()
      .flatMap(actionsOf)
      .flatMap(({ where, pattern, statement, needs }) => {
        const keys = Object.values(statement.Condition ?? {}).flatMap((each) => Object.keys(each));
        return [...needed(pattern, statement, needs)].flatMap((action) => {
          const { conditionKeys, types } = reference.action(action)!;
          const known = [...conditionKeys, ...Object.values(types).flatMap((type) => type.conditionKeys)];
          return keys
            .filter((key) => key !== "aws:RequestedRegion" && !isKey(key, known))
            .map((key) => `${where}: ${key}`);
        });
      });
    expect(strange).toEqual([]);
  });
});

describe("a slip in a policy is found:", () => {
  const slip = (statement: Statement) =>
    actionsOf({ name: "slip", statements: [statement], needs: calls.provider });

  test("an action that AWS does not have", () => {
    expect(reference.expand("ec2:DescribeSecurtyGroups")).toEqual([]);
    expect(reference.expand("ec3:*")).toEqual([]);
  });

  test("an action that no call needs", () => {
    const [only] = slip({ Effect: "Allow", Action: "ec2:MonitorInstances", Resource: "*" });
    expect(needed(only!.pattern, only!.statement, only!.needs)).toEqual(new Set());
  });

  test("a call on what its action does not take", () => {
    const on = { hostedzone: [{ arn: "arn:aws:route53:::hostedzone/Z1", context: {} }] };
    expect(misfits({ action: "route53:CreateHealthCheck", on, context: {} })).toEqual([
      "route53:CreateHealthCheck: takes no hostedzone",
    ]);
    expect(misfits({ action: "ec2:RunInstances", on: {}, context: {} })).toContain(
      "ec2:RunInstances: on no image",
    );
  });
});

test("every type of resource that the program makes is among these", () => {
  expect(new Set(all.operations.map(({ type }) => type))).toEqual(new Set(Object.keys(lives)));
});
