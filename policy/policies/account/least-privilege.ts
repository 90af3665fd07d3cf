/** Roles may do what they need, to what they need it for. */

import {
  GROUP_POLICY,
  IAM_POLICY,
  POLICY_ATTACHMENTS,
  ROLE,
  ROLE_POLICY,
  USER_POLICY,
} from "../../../graph/types.ts";
import type { ResourceRule, StackRule } from "../../framework/rule.ts";

interface Settings {
  managedPolicies: string[];
}

/** Actions for which AWS lets nobody name one resource, each with the page that says so. */
const WITHOUT_RESOURCE: Readonly<Record<string, string>> = {
  "cloudwatch:PutMetricData":
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html",
  "ec2:DescribeInstances":
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html",
  "ec2:DescribeTags":
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html",
  // A call that lists: it is held against all log groups of the region, and flow logs begin with it.
  "logs:DescribeLogGroups": "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
};

/** Types that are a policy document. */
const DOCUMENTS = [ROLE_POLICY, USER_POLICY, GROUP_POLICY, IAM_POLICY] as const;

/** Services whose ARNs end in the resource's own name; all others put its kind before it. */
const WITHOUT_KIND = ["s3", "sns", "sqs"];

export const leastPrivilege: ResourceRule<(typeof DOCUMENTS)[number] | typeof ROLE, Settings> &
  StackRule<Settings> = {
  name: "least-privilege",
  demands:
    "Policies name their actions and resources, roles name who takes them, and managed policies that are not the stack's own are attached only where the policy config allows them.",
  severity: "high",
  reason: "Whoever takes a server over has its role: with * that is the account.",
  fix: "name the action and the ARN; where AWS lets nobody name one, add the action with AWS's page to policy/policies/account/least-privilege.ts",
  link: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  settings: {
    managedPolicies: {
      type: "array",
      items: { type: "string", pattern: "^arn:" },
      description: "ARNs of managed policies that may be attached.",
      default: [],
    },
  },
  of: [...DOCUMENTS, ROLE],
  violations: function* ({ type, props }, { managedPolicies }) {
    if (type !== ROLE) {
      for (const statement of statements(props.policy)) yield* tooMuch(statement);
      return;
    }
    for (const arn of props.managedPolicyArns ?? [])
      if (!managedPolicies.includes(arn)) yield `it attaches the managed policy ${arn}`;
    for (const { policy } of [props.inlinePolicies ?? []].flat())
      for (const statement of statements(policy)) yield* tooMuch(statement);
    for (const statement of statements(props.assumeRolePolicy)) yield* anybody(statement);
  },
  // One of the stack's own is a policy that the above sees by itself.
  stackViolations: (stack, { managedPolicies }) =>
    stack
      .all(...POLICY_ATTACHMENTS)
      .filter(({ props }) => !managedPolicies.includes(props.policyArn as string))
      .filter((node) => stack.referred(node, "policyArn", [[IAM_POLICY, "arn"]]).length === 0)
      .map((node) => ({
        node,
        problem: `it attaches the managed policy ${typeof node.props.policyArn === "string" ? node.props.policyArn : "of another stack"}`,
      })),
};

interface Statement {
  Effect?: string;
  Principal?: unknown;
  NotPrincipal?: unknown;
  Action?: string | string[];
  NotAction?: unknown;
  Resource?: string | string[];
  NotResource?: unknown;
}

function statements(document: unknown): Statement[] {
  if (document === undefined) return [];
  const parsed = typeof document === "string" ? JSON.parse(document) : document;
  return [parsed.Statement ?? []].flat().filter(({ Effect }: Statement) => Effect !== "Deny");
}

function tooMuch(statement: Statement): string[] {
  const actions = [statement.Action ?? []].flat();
  const resources = [statement.Resource ?? []].flat();
  if (statement.NotAction !== undefined || statement.NotResource !== undefined)
    return ["a statement allows all but what it names"];
  const named = actions.filter((action) => !Object.hasOwn(WITHOUT_RESOURCE, action));
  const every = resources.filter(isEverything);
  return [
    ...actions.filter((action) => /[*?]/.test(action)).map((action) => `it may ${action}`),
    ...(every.length > 0 && named.length > 0 ? [`it may ${named.join(", ")} on ${every.join(", ")}`] : []),
  ];
}

/** `*` itself, and an ARN that names a kind at most: `…:secret:*`, `…:role/*`, `…:*`. */
function isEverything(resource: string): boolean {
  const [, , service = "", , , ...rest] = resource.split(":");
  if (!resource.startsWith("arn:") || /[*?]/.test(service)) return /[*?]/.test(resource);
  const name = rest.join(":");
  const own = WITHOUT_KIND.includes(service) ? name : name.replace(/^[a-z][a-z-]*[:/]/, "");
  return /^[*?]+([:/][*?]*)*$/.test(own);
}

function anybody({ Principal: principal, NotPrincipal }: Statement): string[] {
  if (NotPrincipal !== undefined) return ["all but those whom it names may take the role"];
  const names =
    typeof principal === "object" && principal !== null ? Object.values(principal).flat() : [principal];
  return names.includes("*") ? ["anybody may take the role"] : [];
}
