/** Calls of AWS's API, with what IAM holds against a policy: the action, the resources' ARNs, the condition keys. */
import type { Context } from "../../../offline/iam/policy.ts";

export interface Target {
  arn: string;
  /** Condition keys that this resource brings, such as its tags. */
  context: Context;
}

export interface Call {
  /** `ec2:RunInstances`. */
  action: string;
  /** By the resource type that AWS's authorization reference names; none: the action takes no resource. */
  on: Record<string, Target[]>;
  /** Condition keys of the whole call. */
  context: Context;
}

/** What a resource's provider calls over its life. */
export interface Life {
  create: Call[];
  read: Call[];
  /** By input that changes. */
  update: Record<string, Call[]>;
  delete: Call[];
}

/** As in docs/ci, and docs/ci.md says to change them. */
export const ACCOUNT = "111122223333";
export const REGION = "eu-west-1";

/** Services whose calls go to one region for all the world. */
const GLOBAL = ["iam", "route53"];

export function call(
  action: string,
  on: Record<string, Target | Target[]> = {},
  context: Context = {},
): Call {
  const region = GLOBAL.includes(action.split(":")[0]!) ? "us-east-1" : REGION;
  return {
    action,
    on: Object.fromEntries(Object.entries(on).map(([type, target]) => [type, [target].flat()])),
    context: { "aws:RequestedRegion": region, ...context },
  };
}

/** Calls that take no resource, as most of those that list do. */
export function looks(...actions: string[]): Call[] {
  return actions.map((action) => call(action));
}

/** Something that AWS does not hold to its tags, or that has none. */
export function plain(arn: string): Target {
  return { arn, context: {} };
}

/** Something that stands, with its tags. */
export function standing(arn: string, tags: Record<string, string> = {}): Target {
  return { arn, context: tagKeys("aws:ResourceTag", tags) };
}

/** Something that the call makes, with the tags that it shall have. */
export function wanted(arn: string, tags: Record<string, string> = {}): Target {
  return { arn, context: tagKeys("aws:RequestTag", tags) };
}

function tagKeys(key: string, tags: Record<string, string>): Context {
  return Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`${key}/${tag}`, value]));
}

export function arn(service: string, resource: string, { region = REGION, account = ACCOUNT } = {}): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

/** IAM's, in no region. */
export function iamArn(resource: string, account = ACCOUNT): string {
  return arn("iam", resource, { region: "", account });
}

/** Handing a role to a service: AWS asks it of whoever hands it over. */
export function passRole(role: Target, service: string): Call {
  return call("iam:PassRole", { role: plain(role.arn) }, { "iam:PassedToService": service });
}
