/** Each rule of a security group says what it is for. */

import { SECURITY_GROUP } from "../../../graph/types.ts";
import type { ResourceRule } from "../../framework/rule.ts";
import { type Members, plain, UNKNOWN } from "../../framework/stack.ts";
import { demandKnown, OPENING_TYPES, type OpeningType, openingsOf } from "../../resources/openings.ts";

export const rulesDescribed: ResourceRule<OpeningType> = {
  name: "rules-described",
  demands: "Each security group, and each rule of one, has a description.",
  severity: "low",
  reason: "A rule that nobody can explain is a rule that nobody dares to take away.",
  fix: "give the rule a description: in components/network/rules.ts each has one",
  link: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  of: OPENING_TYPES,
  violations: function* ({ type, props }) {
    const said = plain(props) as Members;
    // Pulumi's own words where nobody says any.
    if (type === SECURITY_GROUP && (isEmpty(said.description) || said.description === "Managed by Pulumi"))
      yield "the group has no description";
    for (const { direction, protocol, from, description } of openingsOf(type, said)) {
      const rule = [`the rule ${direction}`, protocol, from].filter((part) => part !== undefined);
      if (isEmpty(description)) yield `${rule.join(" ")} has no description`;
    }
    demandKnown(props);
  },
};

function isEmpty(description: unknown): boolean {
  return description !== UNKNOWN && (typeof description !== "string" || description.trim() === "");
}
