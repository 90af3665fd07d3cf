/** Security groups, by the rules that are theirs and by who has them. */

import { BALANCER, DEFAULT_GROUP, INSTANCE, NETWORK_INTERFACE, SECURITY_GROUP } from "../../graph/types.ts";
import type { Node, Stack } from "../kit/stack.ts";

/** URN of the group that a node is, or that it is a rule of; the ID of one that is not the stack's. */
export function groupOf(stack: Stack, node: Node): string {
  if (node.type === SECURITY_GROUP || node.type === DEFAULT_GROUP) return node.urn;
  const [group] = groupsOf(stack, node, "securityGroupId");
  // One that cannot be told is a group of its own: nothing stands beside the rule then.
  return (
    group?.urn ?? (typeof node.props.securityGroupId === "string" ? node.props.securityGroupId : node.urn)
  );
}

/** Whatever has security groups, with all of them. */
export function havingGroups(stack: Stack): { node: Node; groups: string[] }[] {
  const properties = {
    [INSTANCE]: "vpcSecurityGroupIds",
    [NETWORK_INTERFACE]: "securityGroups",
    [BALANCER]: "securityGroups",
  };
  return Object.entries(properties).flatMap(([type, property]) =>
    stack.all(type).map((node) => ({ node, groups: groupsOf(stack, node, property).map(({ urn }) => urn) })),
  );
}

function groupsOf(stack: Stack, node: Node, property: string): Node[] {
  return stack.referred(node, property, [
    [SECURITY_GROUP, "id"],
    [DEFAULT_GROUP, "id"],
  ]);
}
