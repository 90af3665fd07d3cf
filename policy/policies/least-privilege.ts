/** Roles may do what they need, to what they need it for. */
import type { ResourceRule } from "../kit/rule.ts";
import { IAM_POLICY, ROLE, ROLE_POLICY, ROLE_POLICY_ATTACHMENT } from "../kit/types.ts";

interface Settings {
  managedPolicies: string[];
}

/** Actions for which AWS lets nobody name a resource, each with the page that says so. */
export const WITHOUT_RESOURCE: Readonly<Record<string, string>> = {
  "cloudwatch:PutMetricData":
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html",
  "ec2:DescribeInstances":
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html",
  "ec2:DescribeTags":
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html",
};

export const leastPrivilege: ResourceRule<Settings> = {
  name: "least-privilege",
  demands:
    "Policies name their actions and resources, roles name who takes them, and AWS's managed policies are attached only where the policy config allows them.",
  severity: "high",
  reason: "Whoever takes a server over has its role: with * that is the account.",
  wayOut:
    "name the action and the ARN; where AWS lets nobody name one, add the action with AWS's page to policy/policies/least-privilege.ts",
  link: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  settings: {
    managedPolicies: {
      type: "array",
      items: { type: "string", pattern: "^arn:" },
      description: "ARNs of managed policies that may be attached.",
      default: [],
    },
  },
  of: [ROLE, ROLE_POLICY, IAM_POLICY, ROLE_POLICY_ATTACHMENT],
  broken: ({ type, props }, { managedPolicies }) => {
    const attached = (arns: unknown[]) =>
      arns
        .filter((arn) => !managedPolicies.includes(String(arn)))
        .map((arn) => `it attaches the managed policy ${arn}`);
    switch (type) {
      case ROLE:
        return [
          ...statements(props.assumeRolePolicy).flatMap(anybody),
          ...[props.inlinePolicies ?? []].flat().flatMap(({ policy }) => statements(policy).flatMap(tooMuch)),
          ...attached(props.managedPolicyArns ?? []),
        ];
      case ROLE_POLICY_ATTACHMENT:
        // One of the stack's own is a policy that this rule sees by itself.
        return String(props.policyArn).includes(":aws:policy/") ? attached([props.policyArn]) : [];
      default:
        return statements(props.policy).flatMap(tooMuch);
    }
  },
};

interface Statement {
  Effect?: string;
  Principal?: unknown;
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
  const unnamed = actions.filter((action) => !Object.hasOwn(WITHOUT_RESOURCE, action));
  return [
    ...actions.filter((action) => action.includes("*")).map((action) => `it may ${action}`),
    ...(resources.some(isEverything) && unnamed.length > 0
      ? [`it may ${unnamed.join(", ")} on every resource`]
      : []),
  ];
}

/** `*`, and an ARN whose service's whole part is `*`. */
function isEverything(resource: string): boolean {
  return resource === "*" || resource.split(":").slice(5).join(":") === "*";
}

function anybody({ Principal: principal }: Statement): string[] {
  const names =
    typeof principal === "object" && principal !== null ? Object.values(principal).flat() : [principal];
  return names.includes("*") ? ["anybody may take the role"] : [];
}
