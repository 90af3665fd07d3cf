/** In production a slip deletes nothing that carries tunnels. */

import { BALANCER, INSTANCE } from "../../../graph/types.ts";
import { isProduction, PRODUCTION, type ProductionSettings } from "../../framework/production.ts";
import type { ResourceRule } from "../../framework/rule.ts";

export const deletionProtection: ResourceRule<typeof INSTANCE | typeof BALANCER, ProductionSettings> = {
  name: "deletion-protection",
  demands: "In production AWS refuses to terminate instances and to delete the balancer.",
  severity: "medium",
  reason:
    "One wrong command ends every tunnel of a zone, and devices out in the field do not always dial again.",
  fix: "pulumi config set pptp-fleet:terminationProtection true",
  link: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html",
  settings: { production: PRODUCTION },
  of: [INSTANCE, BALANCER],
  violations: ({ type, urn, props }, settings) => {
    if (!isProduction(urn, settings)) return [];
    const isProtected = type === INSTANCE ? props.disableApiTermination : props.enableDeletionProtection;
    return isProtected === true ? [] : ["anybody with the right can delete it in one call"];
  },
};
