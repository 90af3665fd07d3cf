/**
 * What AWS asks of a call in prose only, each with its page; restricted texts are policy/resources/texts.ts's. As read in November
 * 2026.
 */
import type { Inputs } from "./calls/call.ts";
import type { Call } from "./models.ts";

export interface Rule {
  /** `ec2 CreateVpc`. */
  call: string;
  says: string;
  page: string;
  holds(input: Inputs): boolean;
}

const API = "https://docs.aws.amazon.com";
const QUOTAS_OF_IAM = `${API}/IAM/latest/UserGuide/reference_iam-quotas.html`;
const ATTRIBUTES = `${API}/elasticloadbalancing/latest/APIReference`;

export const rules: Rule[] = [
  {
    call: "iam CreateRole",
    says: "a trust policy has at most 2,048 characters, without white space",
    page: QUOTAS_OF_IAM,
    holds: ({ AssumeRolePolicyDocument: document }) => unspaced(document).length <= 2048,
  },
  {
    call: "iam PutRolePolicy",
    says: "all inline policies of a role have at most 10,240 characters, without white space",
    page: QUOTAS_OF_IAM,
    holds: ({ PolicyDocument: document }) => unspaced(document).length <= 10_240,
  },
  {
    call: "ec2 RunInstances",
    says: "user data has at most 16,384 bytes before base64",
    page: `${API}/AWSEC2/latest/UserGuide/user-data.html`,
    holds: ({ UserData: data }) => Buffer.from(data, "base64").length <= 16_384,
  },
  {
    call: "ec2 CreateFlowLogs",
    says: "records sum up 60 or 600 seconds",
    page: `${API}/AWSEC2/latest/APIReference/API_CreateFlowLogs.html`,
    holds: ({ MaxAggregationInterval: seconds }) => [60, 600].includes(seconds),
  },
  ...["CreateVpc", "CreateSubnet"].map((operation) => ({
    call: `ec2 ${operation}`,
    says: "an IPv4 CIDR is a /16 to /28",
    page: `${API}/AWSEC2/latest/APIReference/API_${operation}.html`,
    holds: ({ CidrBlock: cidr }: Inputs) => between(16, Number(String(cidr).split("/")[1]), 28),
  })),
  {
    call: "elbv2 ModifyListenerAttributes",
    says: "an idle timeout is 60 to 6,000 seconds",
    page: `${ATTRIBUTES}/API_ListenerAttribute.html`,
    holds: (input) => between(60, attribute(input, "tcp.idle_timeout.seconds"), 6000),
  },
  {
    call: "elbv2 ModifyTargetGroupAttributes",
    says: "an unhealthy target drains for 0 to 360,000 seconds",
    page: `${ATTRIBUTES}/API_TargetGroupAttribute.html`,
    holds: (input) =>
      between(0, attribute(input, "target_health_state.unhealthy.draining_interval_seconds"), 360_000),
  },
  {
    call: "cloudwatch PutMetricAlarm",
    says: "a period is 10, 20, 30 or a multiple of 60 seconds, and all periods together a day at most",
    page: `${API}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`,
    holds: ({ Period: seconds, EvaluationPeriods: count }) =>
      ([10, 20, 30].includes(seconds) || seconds % 60 === 0) && seconds * count <= 86_400,
  },
  {
    call: "cloudwatch PutMetricAlarm",
    says: "missing data is breaching, notBreaching, ignore or missing",
    page: `${API}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`,
    holds: ({ TreatMissingData: word }) => ["breaching", "notBreaching", "ignore", "missing"].includes(word),
  },
  {
    call: "logs PutRetentionPolicy",
    says: "records are kept for one of CloudWatch Logs' own numbers of days",
    page: `${API}/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html`,
    holds: ({ retentionInDays: days }) =>
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545].includes(days) ||
      [731, 1096, 1827, 2192, 2557, 2922, 3288, 3653].includes(days),
  },
  {
    call: "route53 ChangeResourceRecordSets",
    says: "a name has at most 255 bytes, each label 1 to 63",
    page: `${API}/Route53/latest/DeveloperGuide/DomainNameFormat.html`,
    holds: ({ ChangeBatch: { Changes: changes } }) =>
      changes.every(({ ResourceRecordSet: { Name: name } }: Inputs) => isName(name)),
  },
];

export function proseProblems({ service, operation, input }: Call): string[] {
  return rules
    .filter(({ call, holds }) => call === `${service} ${operation}` && !holds(input))
    .map(({ call, says, page }) => `${call}: ${says} (${page})`);
}

/** IAM counts no white space. */
const unspaced = (document: string) => document.replace(/\s/g, "");

const between = (least: number, value: number, most: number) => least <= value && value <= most;

function attribute({ Attributes: list }: Inputs, key: string): number {
  return Number(list.find(({ Key }: { Key: string }) => Key === key).Value);
}

function isName(name: string): boolean {
  return Buffer.byteLength(name) <= 255 && name.split(".").every((label) => between(1, label.length, 63));
}
