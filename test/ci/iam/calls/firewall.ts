/** Security groups and their rules: EC2. */

import type { Resource } from "../../../../graph/graph.ts";
import { DEFAULT_GROUP, EGRESS_RULE, INGRESS_RULE, SECURITY_GROUP } from "../../../../graph/types.ts";
import { call, type Life, looks, plain } from "../call.ts";
import type { IamGraph } from "../iam-graph.ts";
import type { Lives } from "./lives.ts";
import { LEFT_BEHIND, retagged, tagsOf } from "./tags.ts";

const rule =
  (direction: "Ingress" | "Egress") =>
  (self: Resource<typeof INGRESS_RULE | typeof EGRESS_RULE>, graph: IamGraph): Life => {
    const on = {
      "security-group": graph.ec2("security-group", self.inputs.securityGroupId),
      "security-group-rule": graph.standing(self),
    };
    const authorize = `AuthorizeSecurityGroup${direction}`;
    const made = graph.wanted(self);
    const modify = [call("ec2:ModifySecurityGroupRules", on)];
    return {
      create: [
        call(`ec2:${authorize}`, { ...on, "security-group-rule": made }),
        // With the rule, or by themselves when it stands: the provider's versions differ.
        tagsOf("security-group-rule", made, authorize),
        call("ec2:CreateTags", { "security-group-rule": made }),
      ],
      read: looks("ec2:DescribeSecurityGroupRules"),
      update: {
        cidrIpv4: modify,
        description: modify,
        fromPort: modify,
        ipProtocol: modify,
        toPort: modify,
        tags: retagged("security-group-rule", on["security-group-rule"]),
      },
      delete: [call(`ec2:RevokeSecurityGroup${direction}`, { "security-group": on["security-group"] })],
    };
  };

export const firewall: Lives = {
  // AWS's own, taken over: it has no tags yet, its rules go, and it stays when the stack goes.
  [DEFAULT_GROUP]: (self, graph) => {
    const group = graph.standing(self);
    const on = { "security-group": plain(group.arn) };
    return {
      create: [
        call("ec2:CreateTags", on),
        call("ec2:RevokeSecurityGroupIngress", on),
        call("ec2:RevokeSecurityGroupEgress", on),
      ],
      read: looks("ec2:DescribeSecurityGroups"),
      update: { tags: retagged("security-group", group) },
      delete: [],
    };
  },

  [SECURITY_GROUP]: (self, graph) => {
    const [made, group] = [graph.wanted(self), graph.standing(self)];
    return {
      create: [
        call("ec2:CreateSecurityGroup", {
          "security-group": made,
          vpc: graph.ec2("vpc", self.inputs.vpcId),
        }),
        tagsOf("security-group", made, "CreateSecurityGroup"),
        // AWS's own rule, all traffic out.
        call("ec2:RevokeSecurityGroupEgress", { "security-group": group }),
      ],
      read: looks("ec2:DescribeSecurityGroups"),
      update: { tags: retagged("security-group", group) },
      delete: [...LEFT_BEHIND, call("ec2:DeleteSecurityGroup", { "security-group": group })],
    };
  },

  [INGRESS_RULE]: rule("Ingress"),
  [EGRESS_RULE]: rule("Egress"),
};
