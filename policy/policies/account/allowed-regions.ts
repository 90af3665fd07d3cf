/** The stack stays in the regions that it may be in. */
import type { EveryRule } from "../../framework/rule.ts";

interface Settings {
  regions: string[];
}

export const allowedRegions: EveryRule<Settings> = {
  name: "allowed-regions",
  demands: "Each resource is in a region that the policy config allows.",
  severity: "medium",
  reason: "Whose law holds for what passes, and who watches the account there, depends on the region.",
  fix: "pulumi config set aws:region to one of those that are allowed",
  link: "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html",
  settings: {
    regions: {
      type: "array",
      items: { type: "string", minLength: 1 },
      description: "Regions that may be used, such as eu-west-1; empty: any.",
      default: [],
    },
  },
  of: "every type",
  violations: ({ props, provider }, { regions }) => {
    if (regions.length === 0) return [];
    // The resource's own word is stronger than its provider's.
    const region = props.region ?? provider?.props.region;
    if (typeof region !== "string") return ["nobody can tell its region"];
    return regions.includes(region) ? [] : [`it is in ${region}, which is none of ${regions.join(", ")}`];
  },
};
