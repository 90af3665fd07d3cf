/** Tunnels are encrypted with 128 bits, unless somebody gave that up by name, and never in production. */

import { isProduction, PRODUCTION, type ProductionSettings } from "../../framework/production.ts";
import type { StackRule } from "../../framework/rule.ts";
import { ofMachines, pppdOptions } from "../../resources/machines.ts";
import { planOf } from "../../resources/plan.ts";

export const mppe128: StackRule<ProductionSettings> = {
  name: "mppe-128",
  demands:
    "Servers require MPPE with 128 bits, by the options in their bundles; less is there only with ppp.trafficMayBeRead, and never in a stack whose name says prod.",
  severity: "critical",
  reason: "40 bits are tried out in seconds, and without MPPE a tunnel is plain text.",
  fix: "pulumi config set --path 'pptp-fleet:ppp.mppe' 128; devices with less get a stack of their own",
  link: "https://www.rfc-editor.org/rfc/rfc3078",
  settings: { production: PRODUCTION },
  stackViolations: (stack, settings) =>
    ofMachines(stack, "how it encrypts", (node, machine) => {
      const options = pppdOptions(machine);
      if (options === undefined || options.includes("require-mppe-128")) return [];
      if (isProduction(node.urn, settings))
        return [{ node, problem: "it does not require MPPE with 128 bits, in production" }];
      return planOf(stack)?.fleet?.ppp?.trafficMayBeRead === true
        ? []
        : [{ node, problem: "it does not require MPPE with 128 bits, and nobody set ppp.trafficMayBeRead" }];
    }),
};
