/**
 * What AWS lets an account have by default, where a fleet may want more. AWS's pages and Service Quotas' defaults, read
 * 2026-11. An account may have been given more already, and what others have in it counts too: so a config beyond one
 * is warned of. Refused is what is beyond the most that AWS gives (components/quotas/quota-mistakes.ts).
 */

import { POSITIONS } from "../../protocols/pptp/call-ids.ts";
import { type OnDemand, onDemand } from "./on-demand.ts";
import type { Quota } from "./quota.ts";

const VPC = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html";
const NLB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html";
const ROUTE_53 = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html";
const EBS = "https://docs.aws.amazon.com/general/latest/gr/ebs-service.html";
const IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html";
const S3 = "https://docs.aws.amazon.com/general/latest/gr/s3.html";
const SECRETS = "https://docs.aws.amazon.com/general/latest/gr/asm.html";

const vpc = { service: "vpc", page: VPC };
const nlb = { service: "elasticloadbalancing", page: NLB };
const route53 = { service: "route53", page: ROUTE_53, region: "us-east-1" as const };
const iam = { service: "iam", page: IAM, region: "us-east-1" as const, per: "an account" };

/** What there is only one place for. */
const others = {
  elasticIps: {
    ...{ name: "EC2-VPC Elastic IPs", service: "ec2", code: "L-0263D0A3", default: 5, page: VPC },
    ...{ unit: "Elastic IPs", per: "a region" },
    counts: "one a server with `eip`, one a zone with `nlb`, whether made or of `elasticIps`",
    instead: `with pptp-fleet:frontDoor nlb it is one a zone, for up to ${POSITIONS} servers`,
  },
  rulesPerGroup: {
    ...{ ...vpc, name: "Inbound or outbound rules per security group", code: "L-0EA8095F", default: 60 },
    ...{ unit: "rules", per: "a security group, each way", most: 1000 },
    counts:
      "most in the gateways' group: two a CIDR of `allowedCidrs` each way, three an `egress.cidrs`, and some a zone",
    instead:
      "AWS keeps this quota times that of groups per network interface (L-2AFB9258, 5) at 1,000: for more than 200, ask for fewer groups first; or fewer, larger CIDRs in pptp-fleet:allowedCidrs and egress.cidrs",
  },
  routesPerTable: {
    ...{ ...vpc, name: "Routes per route table", code: "L-93826ACB", default: 500, most: 1000 },
    ...{ unit: "routes", per: "a route table" },
    counts: "the default route, and with `egress.mode routed` one a server",
    instead: "the rest of the servers in another stack",
  },
  networkInterfaces: {
    ...{ ...vpc, name: "Network interfaces per Region", code: "L-DF5E4CA3", default: 5000 },
    ...{ unit: "network interfaces", per: "a zone (AWS enforces it by zone)" },
    counts: "one a server, and with `nlb` one for the gateway and one for the balancer",
    instead: "more zones in pptp-fleet:zones",
  },
  groupsPerInterface: {
    ...{ ...vpc, name: "Security groups per network interface", code: "L-2AFB9258", default: 5 },
    ...{ unit: "security groups", per: "a network interface", counts: "one" },
  },
  securityGroups: {
    ...{ ...vpc, name: "VPC security groups per Region", code: "L-E79EC296", default: 2500 },
    ...{
      unit: "security groups",
      per: "a region",
      counts: "one with `eip`, three with `nlb`, and the VPC's own",
    },
  },
  vpcs: {
    ...{ ...vpc, name: "VPCs per Region", code: "L-F678F1CE", default: 5 },
    ...{ unit: "VPCs", per: "a region", counts: "one, or none with `vpcId`" },
    instead: "an existing one in pptp-fleet:vpcId",
  },
  internetGateways: {
    ...{ ...vpc, name: "Internet gateways per Region", code: "L-A4707A72", default: 5 },
    ...{ unit: "internet gateways", per: "a region" },
    counts: "one, or none with `vpcId`; AWS raises it together with VPCs per Region",
  },
  subnetsPerVpc: {
    ...{ ...vpc, name: "Subnets per VPC", code: "L-407747CB", default: 200 },
    ...{ unit: "subnets", per: "a VPC", counts: "one a zone with `eip`, three with `nlb`" },
  },
  routeTablesPerVpc: {
    ...{ ...vpc, name: "Route tables per VPC", code: "L-589F43AA", default: 200 },
    ...{ unit: "route tables", per: "a VPC" },
    counts: "the VPC's own, a public one, one a zone with `eip`, two with `nlb`",
  },
  gatewayEndpoints: {
    ...{ ...vpc, name: "Gateway VPC endpoints per Region", code: "L-1B52E74A", default: 20 },
    ...{ unit: "gateway endpoints", per: "a region", counts: "one, for S3; none with `vpcId`" },
    instead: "an existing VPC in pptp-fleet:vpcId, which has its own",
  },
  balancers: {
    ...{ ...nlb, name: "Network Load Balancers per Region", code: "L-69A177A2", default: 50 },
    ...{ unit: "network load balancers", per: "a region", counts: "one with `nlb`" },
  },
  targetGroups: {
    ...{ ...nlb, name: "Target Groups per Region", code: "L-B22855CB", default: 3000 },
    ...{ unit: "target groups", per: "a region", counts: "one with `nlb`" },
  },
  targetsPerZone: {
    ...{ ...nlb, name: "Targets per Availability Zone per Network Load Balancer", code: "L-B211E961" },
    ...{ default: 500, unit: "targets", per: "a zone of a balancer" },
    counts: `with \`nlb\` the zone's servers, at most ${POSITIONS}`,
  },
  targetsPerBalancer: {
    ...{ ...nlb, name: "Targets per Network Load Balancer", code: "L-EEF1AD04", default: 3000 },
    ...{ unit: "targets", per: "a balancer", counts: "with `nlb` the servers, at most 496" },
  },
  targetsPerGroup: {
    ...{ ...nlb, name: "Targets per Target Group per Region", code: "L-A0D0B863", default: 1000 },
    ...{ unit: "targets", per: "a target group", counts: "with `nlb` the servers, at most 496" },
  },
  healthChecks: {
    ...{ ...route53, name: "Health checks", code: "L-ACB674F3", default: 200 },
    ...{ unit: "Route 53 health checks", per: "an account" },
    counts: "with `dialName` one a server (`eip`), three a zone (`nlb`)",
  },
  recordsPerName: {
    ...{ ...route53, name: "Multivalue answer records with the same name and type", default: 100, most: 100 },
    ...{ unit: "records", per: "a name" },
    counts: "with `dialName` one a server (`eip`), one a zone (`nlb`)",
  },
  recordsPerZone: {
    ...{ ...route53, name: "Records per hosted zone", code: "L-E209CC9F", default: 10_000 },
    ...{ unit: "records", per: "a hosted zone", counts: "the same" },
  },
  volumes: {
    ...{ name: "Storage for General Purpose SSD (gp3) volumes, in TiB", service: "ebs", code: "L-7A658B76" },
    ...{ default: 50, unit: "TiB of gp3", per: "a region", counts: "8 GiB a server and gateway", page: EBS },
  },
  buckets: {
    ...{ name: "General purpose buckets", service: "s3", code: "L-DC2B2D3D", default: 10_000, page: S3 },
    ...{ unit: "buckets", per: "an account", region: "us-east-1" as const, counts: "one" },
  },
  secrets: {
    ...{ name: "Secrets", service: "secretsmanager", code: "L-2F66C23C", default: 500_000 },
    ...{ unit: "secrets", per: "a region", counts: "one", page: SECRETS },
  },
  roles: {
    ...{ ...iam, name: "Roles per account", code: "L-FE177D64", default: 1000, unit: "roles" },
    counts: "one a server and gateway, and the flow logs'",
    instead: "the rest of the servers in another account",
  },
  instanceProfiles: {
    ...{ ...iam, name: "Instance profiles per account", code: "L-6E65F664", default: 1000 },
    ...{ unit: "instance profiles", counts: "one a server and gateway" },
    instead: "the rest of the servers in another account",
  },
} satisfies Record<string, Quota>;

/** A quota's name here: `elasticIps`, or a class of instance types. */
export type QuotaKey = OnDemand | keyof typeof others;

/** Quotas that AWS raises so far and no further. */
export type CappedKey = {
  [K in keyof typeof others]: (typeof others)[K] extends { most: number } ? K : never;
}[keyof typeof others];

/** In the order in which a fleet meets them. */
export const quotas: Record<QuotaKey, Quota> = { ...onDemand, ...others };
/** The keys of `quotas`, in its order. */
export const quotaKeys = Object.keys(quotas) as QuotaKey[];

/** What a stack wants of a quota: where it is one of several things, of the one that wants most. */
export type Needs = Record<QuotaKey, { count: number; of?: string }>;

/** A sentence for each quota whose default the stack is beyond, where AWS gives more. */
export function quotaWarnings(needs: Needs, region: string): string[] {
  return quotaKeys
    .filter((key) => needs[key].count > quotas[key].default && quotas[key].code !== undefined)
    .map((key) => warning(key));

  function warning(key: QuotaKey): string {
    const quota = quotas[key];
    const { count, of } = needs[key];
    const where = of === undefined ? "" : ` in ${of}`;
    const start = `this stack needs ${count} ${quota.unit}${where}; AWS's default is ${quota.default} ${quota.per}, and what else the account has counts too`;
    return [start, ...raise(quota, count, region), ...(quota.instead ? [`or: ${quota.instead}`] : [])].join(
      "; ",
    );
  }
}

/** How more is had: first a look at what the account has, as it may be enough. */
function raise({ name, service, code, region: home }: Quota, count: number, region: string): string[] {
  const which = `--region ${home ?? region} --service-code ${service} --quota-code ${code}`;
  return [
    `quota “${name}” (${code}): aws service-quotas get-service-quota ${which} says what the account has`,
    `aws service-quotas request-service-quota-increase ${which} --desired-value ${count} asks for more`,
  ];
}
