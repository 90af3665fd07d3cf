/** The pack: each policy is a file of its own in policies/. docs/policies.md tells them to operators. */
import type { Policies } from "@pulumi/policy";
import { policyOf } from "./framework/policy.ts";
import { reportOf } from "./framework/report.ts";
import type { Rule } from "./framework/rule.ts";
import { WaiverLog } from "./framework/waiver-log.ts";
import { accountsStaySecret } from "./policies/account/accounts-stay-secret.ts";
import { allowedRegions } from "./policies/account/allowed-regions.ts";
import { bucketClosed } from "./policies/account/bucket-closed.ts";
import { flowLogs } from "./policies/account/flow-logs.ts";
import { leastPrivilege } from "./policies/account/least-privilege.ts";
import { logRetention } from "./policies/account/log-retention.ts";
import { requiredTags } from "./policies/account/required-tags.ts";
import { restrictedTexts } from "./policies/account/restricted-texts.ts";
import { defaultGroupClosed } from "./policies/firewall/default-group-closed.ts";
import { greBesideControl } from "./policies/firewall/gre-beside-control.ts";
import { noOpenWorld } from "./policies/firewall/no-open-world.ts";
import { noPublicServer } from "./policies/firewall/no-public-server.ts";
import { rulesDescribed } from "./policies/firewall/rules-described.ts";
import { balancerInternal } from "./policies/front-door/balancer-internal.ts";
import { balancerWayBack } from "./policies/front-door/balancer-way-back.ts";
import { crossZoneOff } from "./policies/front-door/cross-zone-off.ts";
import { deletionProtection } from "./policies/front-door/deletion-protection.ts";
import { targetsKeepTunnels } from "./policies/front-door/targets-keep-tunnels.ts";
import { timersInOrder } from "./policies/front-door/timers-in-order.ts";
import { disksEncrypted } from "./policies/machines/disks-encrypted.ts";
import { instanceType } from "./policies/machines/instance-type.ts";
import { metadataV2 } from "./policies/machines/metadata-v2.ts";
import { mppe128 } from "./policies/machines/mppe-128.ts";
import { userDataSize } from "./policies/machines/user-data-size.ts";
import { userDataWithoutSecrets } from "./policies/machines/user-data-without-secrets.ts";

export const rules: Rule[] = [
  noOpenWorld,
  greBesideControl,
  rulesDescribed,
  restrictedTexts,
  defaultGroupClosed,
  balancerInternal,
  balancerWayBack,
  crossZoneOff,
  targetsKeepTunnels,
  noPublicServer,
  instanceType,
  metadataV2,
  disksEncrypted,
  userDataSize,
  userDataWithoutSecrets,
  accountsStaySecret,
  mppe128,
  timersInOrder,
  leastPrivilege,
  bucketClosed,
  flowLogs,
  logRetention,
  deletionProtection,
  requiredTags,
  allowedRegions,
];

/**
 * The policies as the engine runs them, with the report on waivers last: it tells what those before it let pass.
 *
 * @param today The day that waivers are held against.
 */
export function makePolicies(today: () => Date = () => new Date()): Policies {
  const log = new WaiverLog();
  return [...rules.map((rule) => policyOf(rule, log, today)), reportOf(log)];
}
