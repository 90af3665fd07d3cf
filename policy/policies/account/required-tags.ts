/** Each resource says whose it is. */
import type { EveryRule } from "../../framework/rule.ts";

interface Settings {
  tags: string[];
}

/** Types of AWS's that take no tags. */
const UNTAGGED =
  /(Bucket(Versioning|PublicAccessBlock|OwnershipControls|Policy|\w*Configuration)|Association|Attachment|Route|(Role|User|Group)Policy|SecretVersion|SecretPolicy|SecurityGroupRule|\/record:Record|LogStream|LogMetricFilter|Dashboard|TopicPolicy|TopicSubscription|EventTarget)$/;

export const requiredTags: EveryRule<Settings> = {
  name: "required-tags",
  demands: "Each resource that can have tags has those that the policy config names.",
  severity: "low",
  reason: "Who pays, who is asked and what may be deleted is found by tags.",
  fix: "below Fleet components/tags.ts puts them on; else the resource's own tags, or the provider's defaultTags",
  link: "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
  settings: {
    tags: {
      type: "array",
      items: { type: "string", minLength: 1 },
      description: "Names of the tags that each resource has.",
      default: ["Name", "project", "stack"],
    },
  },
  of: "every type",
  violations: ({ type, props }, { tags }) => {
    if (UNTAGGED.test(type)) return [];
    // With the provider's own tags, where it says them.
    const has = { ...props.tagsAll, ...props.tags };
    return tags.filter((tag) => !has[tag]).map((tag) => `it has no tag ${tag}`);
  },
};
