/** All traps, by topic and by slug. */
import { ofAccounts } from "./accounts.ts";
import { ofAws } from "./aws.ts";
import { ofAwsLimits } from "./aws-limits.ts";
import { ofDebian } from "./debian.ts";
import { ofGre } from "./gre.ts";
import { ofIpsec } from "./ipsec.ts";
import { ofKernelPath } from "./kernel-path.ts";
import { ofLab } from "./lab.ts";
import { ofNftables } from "./nftables.ts";
import { ofPppd } from "./pppd.ts";
import { ofPptpd } from "./pptpd.ts";
import { ofPulumi } from "./pulumi.ts";
import { ofRadius } from "./radius.ts";
import type { Topic } from "./trap.ts";

/** In the order of docs/traps.md. */
export const topics = {
  pptpd: ofPptpd,
  pppd: ofPppd,
  "GRE and NAT": ofGre,
  nftables: ofNftables,
  "Debian and cloud-init": ofDebian,
  AWS: ofAws,
  "AWS's limits and rights": ofAwsLimits,
  Pulumi: ofPulumi,
  "Accounts and addresses": ofAccounts,
  "The lab": ofLab,
  "RADIUS and rates": ofRadius,
  "PPTP's data in the kernel": ofKernelPath,
  "L2TP/IPsec and IKEv2": ofIpsec,
} satisfies Record<string, Topic>;

export const traps = {
  ...ofPptpd,
  ...ofPppd,
  ...ofGre,
  ...ofNftables,
  ...ofDebian,
  ...ofAws,
  ...ofAwsLimits,
  ...ofPulumi,
  ...ofAccounts,
  ...ofLab,
  ...ofRadius,
  ...ofKernelPath,
  ...ofIpsec,
} satisfies Topic;

export type TrapSlug = keyof typeof traps;
