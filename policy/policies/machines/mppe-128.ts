/** Tunnels are encrypted with 128 bits, unless somebody gave that up by name, and never in production. */

import { INSTANCE } from "../../../graph/types.ts";
import { isProduction, PRODUCTION, type ProductionSettings } from "../../framework/production.ts";
import type { StackRule } from "../../framework/rule.ts";
import { planOf } from "../../resources/plan.ts";
import { pppdOptions, readUserData, userDataOf } from "../../resources/user-data.ts";

export const mppe128: StackRule<ProductionSettings> = {
  name: "mppe-128",
  demands:
    "Servers require MPPE with 128 bits; less is there only with ppp.trafficMayBeRead, and never in a stack whose name says prod.",
  severity: "critical",
  reason: "40 bits are tried out in seconds, and without MPPE a tunnel is plain text.",
  fix: "pulumi config set --path 'pptp-fleet:ppp.mppe' 128; devices with less get a stack of their own",
  link: "https://www.rfc-editor.org/rfc/rfc3078",
  settings: { production: PRODUCTION },
  stackViolations: (stack, settings) =>
    stack.all(INSTANCE).flatMap((node) => {
      const read = readUserData(userDataOf(node));
      if (read === undefined)
        return [{ node, problem: "its user data cannot be read, so nobody can tell how it encrypts" }];
      const options = pppdOptions(read);
      if (options === undefined || options.includes("require-mppe-128")) return [];
      if (isProduction(node.urn, settings))
        return [{ node, problem: "it does not require MPPE with 128 bits, in production" }];
      return planOf(stack)?.fleet?.ppp?.trafficMayBeRead === true
        ? []
        : [{ node, problem: "it does not require MPPE with 128 bits, and nobody set ppp.trafficMayBeRead" }];
    }),
};
