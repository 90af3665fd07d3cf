/** Machines have ENA with more than one queue. */

import { INSTANCE, LAUNCH_TEMPLATE } from "../../../graph/types.ts";
import { judgeInstanceType } from "../../../settings/keys/instance-types.ts";
import type { ResourceRule } from "../../framework/rule.ts";

interface Settings {
  types: string[];
}

export const instanceType: ResourceRule<typeof INSTANCE | typeof LAUNCH_TEMPLATE, Settings> = {
  name: "instance-type",
  demands:
    "An instance is of a type that has ENA with more than one queue, and that the policy config allows.",
  severity: "medium",
  reason: "With one queue one CPU takes every packet of every tunnel, whatever else the type has.",
  fix: "pulumi config set pptp-fleet:instanceType c6in.large, and gatewayInstanceType, or another type that the message names",
  link: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/enhanced-networking-ena.html",
  settings: {
    types: {
      type: "array",
      items: { type: "string", minLength: 1 },
      description: "Types that may be used, such as c6in.large or c6in.*; empty: any.",
      default: [],
    },
  },
  of: [INSTANCE, LAUNCH_TEMPLATE],
  violations: ({ props }, { types }) => {
    const type = props.instanceType;
    if (typeof type !== "string") return ["it has no instance type of its own"];
    const refusal = judgeInstanceType(type);
    return [
      ...(refusal === undefined ? [] : [`${type} is not ${refusal.allowed}`]),
      ...(types.length === 0 || types.some((each) => matches(type, each))
        ? []
        : [`${type} is none of ${types.join(", ")}`]),
    ];
  },
};

/** `c6in.*` is the whole family. */
function matches(type: string, pattern: string): boolean {
  return pattern.endsWith(".*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}
