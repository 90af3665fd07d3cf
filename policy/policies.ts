/** The pack: each policy is a file of its own in policies/. docs/policies.md tells them to operators. */
import type { Policies } from "@pulumi/policy";
import { Book } from "./kit/book.ts";
import { policyOf } from "./kit/policy.ts";
import { reportOf } from "./kit/report.ts";
import type { Rule } from "./kit/rule.ts";
import { accountsStaySecret } from "./policies/accounts-stay-secret.ts";
import { allowedRegions } from "./policies/allowed-regions.ts";
import { balancerInternal } from "./policies/balancer-internal.ts";
import { balancerWayBack } from "./policies/balancer-way-back.ts";
import { crossZoneOff } from "./policies/cross-zone-off.ts";
import { defaultGroupClosed } from "./policies/default-group-closed.ts";
import { deletionProtection } from "./policies/deletion-protection.ts";
import { disksEncrypted } from "./policies/disks-encrypted.ts";
import { flowLogs } from "./policies/flow-logs.ts";
import { greBesideControl } from "./policies/gre-beside-control.ts";
import { instanceType } from "./policies/instance-type.ts";
import { leastPrivilege } from "./policies/least-privilege.ts";
import { logRetention } from "./policies/log-retention.ts";
import { metadataV2 } from "./policies/metadata-v2.ts";
import { mppe128 } from "./policies/mppe-128.ts";
import { noOpenWorld } from "./policies/no-open-world.ts";
import { noPublicServer } from "./policies/no-public-server.ts";
import { requiredTags } from "./policies/required-tags.ts";
import { restrictedTexts } from "./policies/restricted-texts.ts";
import { rulesDescribed } from "./policies/rules-described.ts";
import { targetsKeepTunnels } from "./policies/targets-keep-tunnels.ts";
import { timersInOrder } from "./policies/timers-in-order.ts";
import { userDataSize } from "./policies/user-data-size.ts";
import { userDataWithoutSecrets } from "./policies/user-data-without-secrets.ts";

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
  const book = new Book();
  return [...rules.map((rule) => policyOf(rule, book, today)), reportOf(book)];
}
