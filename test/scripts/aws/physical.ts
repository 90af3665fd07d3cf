/**
 * Recorded resources as they would reach AWS's provider: IDs and names in AWS's forms, in the place of those that
 * offline/program.ts makes up, and with the provider's default tags.
 */

import { createHash } from "node:crypto";
import {
  ALARM,
  type AwsType,
  BALANCER,
  BUCKET,
  HEALTH_CHECK,
  INSTANCE_PROFILE,
  isOfAws,
  LOG_GROUP,
  ROLE,
  ROLE_POLICY,
  SECURITY_GROUP,
  TARGET_GROUP,
} from "../../../graph/types.ts";
import type { RecordedResource } from "../../../offline/program.ts";
import { arnOf, EC2 } from "../../ci/iam/arns.ts";

export interface Physical {
  type: string;
  name: string;
  id: string;
  inputs: Record<string, any>;
}

/**
 * Types that the provider names where the program does not, and the longest such name (pulumi-aws, provider/autonaming.go,
 * resources.go and aliases.go): the resource's name, a hyphen and seven hex digits.
 */
const AUTO_NAMED: Record<string, number> = {
  [ALARM]: 255,
  [SECURITY_GROUP]: 255,
  [INSTANCE_PROFILE]: 255,
  [ROLE]: 64,
  [ROLE_POLICY]: 255,
  [BALANCER]: 255,
  [TARGET_GROUP]: 32,
};

/** Types whose ID is the name. */
const BY_NAME: string[] = [ALARM, INSTANCE_PROFILE, LOG_GROUP, ROLE];

/**
 * @param defaultTags The provider's, which it adds where a resource has tags.
 * @throws Error as the provider does where a name gets too long.
 */
export function physical(
  resources: RecordedResource[],
  defaultTags: Record<string, string> = {},
): Physical[] {
  const ofAws = resources.filter(({ type }) => isOfAws(type));
  const made = ofAws.map((resource) => ({ resource, ...identity(resource) }));
  const references = new Map<string, string>();
  for (const { resource, id, arn } of made) {
    references.set(resource.id, id);
    references.set(resource.state.arn, arn);
    if (resource.state.arnSuffix !== undefined)
      references.set(resource.state.arnSuffix, arn.split(":")[5]!.replace(/^loadbalancer\//, ""));
  }
  // Health checks refer to alarms by name.
  const alarms = new Map(
    made
      .filter(({ resource }) => resource.type === ALARM)
      .map(({ resource, name }) => [resource.state.name, name]),
  );
  const arns = [...references].filter(([from]) => from.startsWith("arn:"));
  arns.sort(([a], [b]) => b.length - a.length);
  const refer = (text: string): string =>
    references.get(text) ?? arns.reduce((whole, [from, to]) => whole.replaceAll(from, to), text);
  return made.map(({ resource: { type, name: own, inputs }, id, name }) => ({
    type,
    name: own,
    id,
    inputs: {
      ...deep(inputs, refer),
      ...(inputs.cloudwatchAlarmName === undefined
        ? {}
        : { cloudwatchAlarmName: alarms.get(inputs.cloudwatchAlarmName) }),
      ...(name === undefined ? {} : { name }),
      ...(inputs.tags === undefined ? {} : { tags: { ...defaultTags, ...inputs.tags } }),
    },
  }));
}

function identity({ type, name, inputs }: RecordedResource): { id: string; arn: string; name?: string } {
  if (type === BUCKET) return { id: inputs.bucket, arn: arnOf(type, "", inputs.bucket)! };
  const own: string | undefined = inputs.name ?? (type in AUTO_NAMED ? autoNamed(type, name) : undefined);
  const hex = createHash("sha256").update(`${type} ${name}`).digest("hex");
  const ec2 = EC2[type as AwsType];
  const ofEc2 = ec2 && `${ec2.prefix}-${hex.slice(0, 17)}`;
  const arn = arnOf(type, ofEc2 ?? "", own ?? hex.slice(0, 17)) ?? `arn:aws:other:::${hex.slice(0, 16)}`;
  const id = ofEc2 ?? (BY_NAME.includes(type) ? own! : type === HEALTH_CHECK ? uuid(hex) : arn);
  return own === undefined ? { id, arn } : { id, arn, name: own };
}

function uuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}

/** @throws Error for a name that the provider refuses to make (pulumi-terraform-bridge, NewUniqueName). */
function autoNamed(type: string, name: string): string {
  const made = `${name}-0123abc`;
  if (made.length > AUTO_NAMED[type]!)
    throw new Error(
      `${type}: name '${name}-' plus 7 random chars is longer than maximum length ${AUTO_NAMED[type]}`,
    );
  return made;
}

function deep(value: any, text: (value: string) => string): any {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return value.map((each) => deep(each, text));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, deep(each, text)]));
}
