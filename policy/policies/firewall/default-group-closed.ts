/** The group that each VPC comes with is taken over, and empty. */

import { DEFAULT_GROUP, VPC } from "../../../graph/types.ts";
import type { Finding, StackRule } from "../../framework/rule.ts";
import { openingsOf, RULE_TYPES } from "../../resources/openings.ts";

export const defaultGroupClosed: StackRule = {
  name: "default-group-closed",
  demands: "The default security group of each VPC of the stack has no rule.",
  severity: "high",
  reason:
    "Whatever is made without a group gets it, and it lets its members talk to each other and to everyone.",
  fix: "an aws.ec2.DefaultSecurityGroup with the VPC's ID and no rules takes AWS's own away",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-2",
  // Outputs of a group that says nothing of rules are AWS's, and unknown in a first preview.
  inputsOf: [DEFAULT_GROUP],
  stackViolations: (stack) =>
    stack.all(VPC).flatMap((vpc): Finding[] => {
      const groups = stack.referring(DEFAULT_GROUP, "vpcId", vpc);
      if (groups.length === 0)
        return [{ node: vpc, problem: "the VPC's default security group keeps the rules that AWS gives it" }];
      const separate = RULE_TYPES.flatMap((type) => [
        ...groups.flatMap((group) => stack.referring(type, "securityGroupId", group)),
        ...stack.referring(type, "securityGroupId", vpc, "defaultSecurityGroupId"),
      ]);
      return [
        ...groups
          .filter(({ type, said }) => openingsOf(type, said).length > 0)
          .map((node) => ({ node, problem: "the VPC's default security group has rules" })),
        ...separate.map((node) => ({ node, problem: "it is a rule of the VPC's default security group" })),
      ];
    }),
};
