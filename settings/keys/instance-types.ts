/**
 * Which instance types cannot carry a PPTP server: those without ENA, or with one ENA queue only, on which one
 * vCPU would take every packet of every tunnel.
 *
 * Dated 2026-05. Sources: Amazon EC2 User Guide, "Enhanced networking on Amazon EC2 instances" (ENA: all Nitro
 * types, and of the Xen ones H1, I3, G3, m4.16xlarge, P2, P3, P3dn, R4), "Amazon EC2 Mac instances" (Dedicated
 * Hosts only) and "Previous Generation Instances"; EC2's DescribeInstanceTypes (EnaSupport, DefaultVCpus,
 * DefaultEnaQueueCountPerInterface) as moto 5.2.1 republishes it: 1,263 types. A newer family that is not
 * listed passes here and is asked about at AWS before anything is created; without AWS, the plan says that it does not
 * know it (offline/answers.ts).
 */
import type { Refusal } from "./refusal.ts";

/** Families without ENA, each with the type of today that replaces it. */
const WITHOUT_ENA: Readonly<Record<string, string>> = {
  c1: "c6in.large",
  c3: "c6in.large",
  c4: "c6in.large",
  cc1: "c6in.large",
  cc2: "c6in.large",
  cg1: "c6in.large",
  cr1: "r6i.large",
  d2: "d3.xlarge",
  g2: "c6in.large",
  hi1: "i4i.large",
  hs1: "d3.xlarge",
  i2: "i4i.large",
  m1: "m6i.large",
  m2: "r6i.large",
  m3: "m6i.large",
  // m4.16xlarge alone has ENA; 64 vCPUs are no reason to keep a family for.
  m4: "m6i.large",
  r3: "r6i.large",
  t1: "t3.small",
  t2: "t3.small",
};

/** Families of which no size has more than one ENA queue, each with a type like theirs that has. */
const ONE_QUEUE: Readonly<Record<string, string>> = { t8i: "t3.small" };

/** The families whose `medium` has two vCPUs. Every other one's has one, and ENA makes no more queues than vCPUs. */
const TWO_VCPU_MEDIUM = new Set(["t3", "t3a", "t4g"]);

/** Two queues, no CPU or network credits that could run out, and sold in all 30 regions of moto's table. */
export const DEFAULT_INSTANCE_TYPE = "c6in.large";

/**
 * Why no machine can be of this type; undefined where nothing speaks against it.
 *
 * @param key The key that says the type, for the fix.
 */
export function judgeInstanceType(type: string, key = "instanceType"): Refusal | undefined {
  const [, family, size] = /^([a-z][a-z0-9-]{0,30})\.([a-z0-9-]{1,30})$/.exec(type) ?? [];
  if (family === undefined || size === undefined) {
    return { allowed: `an EC2 instance type as family.size in lower case, such as ${DEFAULT_INSTANCE_TYPE}` };
  }
  if (!/[0-9]/.test(family)) {
    return {
      allowed: `a family that EC2 has: letters and the generation's number, such as c6in; ${family} has no number`,
      fix: set(key, DEFAULT_INSTANCE_TYPE),
    };
  }
  if (/^mac(?=[-0-9]|$)/.test(family)) {
    return {
      allowed: "a type that runs Debian without a Dedicated Host; Mac instances do neither",
      fix: set(key, DEFAULT_INSTANCE_TYPE),
    };
  }
  if (Object.hasOwn(WITHOUT_ENA, family)) {
    return {
      allowed: `a type that has ENA with more than one queue; the ${family} family cannot have it`,
      fix: set(key, WITHOUT_ENA[family]!),
    };
  }
  if (Object.hasOwn(ONE_QUEUE, family)) {
    return {
      allowed: `a type that has more than one ENA queue; no ${family} has`,
      fix: set(key, ONE_QUEUE[family]!),
    };
  }
  if (size === "medium" && !TWO_VCPU_MEDIUM.has(family)) {
    return {
      allowed: `a type that has more than one ENA queue; ${type} has one vCPU, so one queue`,
      fix: set(key, `${family}.large`),
    };
  }
  if (size === "large" && family.endsWith("-flex")) {
    return {
      allowed: `a type that has more than one ENA queue; ${type} has one`,
      fix: set(key, `${family.replace(/-flex$/, "")}.large`, `${family}.xlarge`),
    };
  }
  return undefined;
}

/** Whether a type has an AWS Graviton processor (arm64): a1, and each family with a `g` after its generation. */
export function isGraviton(type: string): boolean {
  return /^(a1|[a-z]+[0-9]+g[a-z]*)\./.test(type);
}

function set(key: string, type: string, other?: string): string {
  return `pulumi config set pptp-fleet:${key} ${type}${other === undefined ? "" : `, or ${other}`}`;
}
