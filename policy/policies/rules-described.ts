/** Each rule of a security group says what it is for. */
import { OPENING_TYPES, openingsOf } from "../kit/openings.ts";
import type { ResourceRule } from "../kit/rule.ts";

export const rulesDescribed: ResourceRule = {
  name: "rules-described",
  demands: "Each rule of a security group has a description.",
  severity: "low",
  reason: "A rule that nobody can explain is a rule that nobody dares to take away.",
  wayOut: "give the rule a description: in components/rules.ts each has one",
  link: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  of: OPENING_TYPES,
  broken: ({ type, props }) =>
    openingsOf(type, props)
      .filter(({ description }) => typeof description !== "string" || description.trim() === "")
      .map(({ direction, protocol, from }) =>
        [`the rule ${direction}`, protocol, from, "has no description"]
          .filter((part) => part !== undefined)
          .join(" "),
      ),
};
