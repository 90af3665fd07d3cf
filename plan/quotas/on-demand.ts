/**
 * vCPUs of running On-Demand instances: AWS counts them by class of instance type, each with a quota of its own.
 *
 * AWS: EC2 User Guide, "On-Demand Instance quotas"; `aws service-quotas get-aws-default-service-quota`, whose own
 * reference shows 5 for the standard classes. Read 2026-11. An account that has used EC2 often has been given more.
 * Of the classes DL, HPC and Trn the defaults were not found: they are not judged.
 */
import type { Quota } from "./quota.ts";

const PAGE = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html";

const CLASSES = {
  standard: { name: "Standard (A, C, D, H, I, M, R, T, Z)", code: "L-1216C47A", default: 5 },
  f: { name: "F", code: "L-74FC7D96", default: 0 },
  g: { name: "G and VT", code: "L-DB2E81BA", default: 0 },
  highMemory: { name: "High Memory", code: "L-43DA4232", default: 0 },
  inf: { name: "Inf", code: "L-1945791B", default: 0 },
  p: { name: "P", code: "L-417A185B", default: 0 },
  x: { name: "X", code: "L-7295265B", default: 0 },
} as const;

/** A class of instance types with a quota of its own. */
export type OnDemand = keyof typeof CLASSES;

/** By the letters that a family's name begins with; those that are in neither list are standard. */
const BY_LETTERS: Readonly<Record<string, OnDemand>> = {
  f: "f",
  g: "g",
  gr: "g",
  vt: "g",
  u: "highMemory",
  inf: "inf",
  p: "p",
  x: "x",
};

const NOT_JUDGED = ["dl", "hpc", "trn"];

/** The quota of each class, in vCPUs a region. */
export const onDemand = Object.fromEntries(
  Object.entries(CLASSES).map(([key, { name, ...numbers }]): [string, Quota] => [
    key,
    {
      ...{ ...numbers, name: `Running On-Demand ${name} instances`, service: "ec2", page: PAGE },
      ...{ unit: `vCPUs of On-Demand instances of class ${name}`, per: "a region" },
      counts: "those of each server, and with `nlb` of each zone's gateway",
    },
  ]),
) as Record<OnDemand, Quota>;

/** The class that an instance type counts in: `c6in.large` in the standard one; none of those that are not judged. */
export function onDemandOf(instanceType: string): OnDemand | undefined {
  const letters = /^[a-z]*/.exec(instanceType)![0];
  return NOT_JUDGED.includes(letters) ? undefined : (BY_LETTERS[letters] ?? "standard");
}
