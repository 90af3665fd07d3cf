/**
 * Recorded resources as they would reach AWS's provider: IDs and names in AWS's forms, in the place of those that
 * offline/program.ts makes up, and with the provider's default tags.
 */
import { createHash } from "node:crypto";
import type { RecordedResource } from "../../../offline/program.ts";

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
  "aws:cloudwatch/metricAlarm:MetricAlarm": 255,
  "aws:ec2/securityGroup:SecurityGroup": 255,
  "aws:iam/instanceProfile:InstanceProfile": 255,
  "aws:iam/role:Role": 64,
  "aws:iam/rolePolicy:RolePolicy": 255,
  "aws:lb/loadBalancer:LoadBalancer": 255,
  "aws:lb/targetGroup:TargetGroup": 32,
};

/** What EC2's IDs begin with. */
const EC2: Record<string, string> = {
  DefaultSecurityGroup: "sg",
  Eip: "eipalloc",
  Instance: "i",
  InternetGateway: "igw",
  NetworkInterface: "eni",
  RouteTable: "rtb",
  SecurityGroup: "sg",
  Subnet: "subnet",
  Vpc: "vpc",
};

/**
 * @param defaultTags The provider's, which it adds where a resource has tags.
 * @throws Error as the provider does where a name gets too long.
 */
export function physical(
  resources: RecordedResource[],
  defaultTags: Record<string, string> = {},
): Physical[] {
  const ofAws = resources.filter(({ type }) => type.startsWith("aws:"));
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

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

function identity({ type, name, inputs }: RecordedResource): { id: string; arn: string; name?: string } {
  const kind = type.split(":").at(-1)!;
  const own = inputs.name ?? (type in AUTO_NAMED ? autoNamed(type, name) : undefined);
  const hex = createHash("sha256").update(`${type} ${name}`).digest("hex");
  const arn = arnOf(kind, own ?? hex.slice(0, 17), hex);
  const id = idOf(kind, own, hex, arn);
  return own === undefined ? { id, arn } : { id, arn, name: own };
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

function idOf(kind: string, name: string | undefined, hex: string, arn: string): string {
  if (kind in EC2) return `${EC2[kind]}-${hex.slice(0, 17)}`;
  switch (kind) {
    case "Role":
    case "InstanceProfile":
    case "LogGroup":
    case "MetricAlarm":
      return name!;
    case "HealthCheck":
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
    default:
      return arn;
  }
}

function arnOf(kind: string, name: string, hex: string): string {
  const place = "eu-west-1:111122223333";
  const end = hex.slice(0, 16);
  switch (kind) {
    case "Role":
      return `arn:aws:iam::111122223333:role/${name}`;
    case "LogGroup":
      return `arn:aws:logs:${place}:log-group:${name}`;
    case "Secret":
      return `arn:aws:secretsmanager:${place}:secret:${name}-Ab12Cd`;
    case "LoadBalancer":
      return `arn:aws:elasticloadbalancing:${place}:loadbalancer/net/${name}/${end}`;
    case "TargetGroup":
      return `arn:aws:elasticloadbalancing:${place}:targetgroup/${name}/${end}`;
    default:
      return `arn:aws:other:${place}:${kind.toLowerCase()}/${end}`;
  }
}

function deep(value: any, text: (value: string) => string): any {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return value.map((each) => deep(each, text));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, deep(each, text)]));
}
