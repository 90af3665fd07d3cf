/** Logs are kept for long enough, and not for ever. */

import { LOG_GROUP } from "../../../graph/types.ts";
import type { ResourceRule } from "../../framework/rule.ts";

interface Settings {
  minimumDays: number;
}

export const logRetention: ResourceRule<typeof LOG_GROUP, Settings> = {
  name: "log-retention",
  demands:
    "Each log group says for how many days it keeps records, and for no fewer than the policy config wants.",
  severity: "medium",
  reason:
    "What a device's dead tunnel was about is often asked months later; what is kept for ever is paid for and leaked.",
  fix: "pulumi config set pptp-fleet:flowLogRetentionDays 365, or another log group's retentionInDays",
  link: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
  settings: {
    minimumDays: {
      type: "integer",
      minimum: 1,
      description: "Days that records are kept at least.",
      default: 90,
    },
  },
  of: [LOG_GROUP],
  violations: ({ props: { retentionInDays: days } }, { minimumDays }) => {
    if (!days) return ["it keeps its records for ever"];
    return days < minimumDays ? [`it keeps its records for ${days} days, not ${minimumDays}`] : [];
  },
};
