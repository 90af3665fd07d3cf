/** Security groups, by the rules that are theirs and by who has them. */
import { BALANCER, DEFAULT_GROUP, INSTANCE, NETWORK_INTERFACE, SECURITY_GROUP } from "../../graph/types.ts";
import type { AnyNode, Node, Stack } from "../framework/stack.ts";
import type { OpeningType } from "./openings.ts";

type Group = Node<typeof SECURITY_GROUP | typeof DEFAULT_GROUP>;

/** URN of the group that a node is, or that it is a rule of; the ID of one that is not the stack's. */
export function groupOf(stack: Stack, node: Node<OpeningType>): string {
  if (node.type === SECURITY_GROUP || node.type === DEFAULT_GROUP) return node.urn;
  const [group] = groupsOf(stack, node, "securityGroupId");
  // One that cannot be told is a group of its own: nothing stands beside the rule then.
  return (
    group?.urn ?? (typeof node.props.securityGroupId === "string" ? node.props.securityGroupId : node.urn)
  );
}

/** Whatever has security groups, with all of them. */
export function havingGroups(stack: Stack): { node: AnyNode; groups: string[] }[] {
  const having = <N extends AnyNode>(nodes: N[], property: keyof N["props"] & string) =>
    nodes.map((node) => ({ node, groups: groupsOf(stack, node, property).map(({ urn }) => urn) }));
  return [
    ...having(stack.all(INSTANCE), "vpcSecurityGroupIds"),
    ...having(stack.all(NETWORK_INTERFACE), "securityGroups"),
    ...having(stack.all(BALANCER), "securityGroups"),
  ];
}

function groupsOf<N extends AnyNode>(stack: Stack, node: N, property: keyof N["props"] & string): Group[] {
  return stack.referred(node, property, [
    [SECURITY_GROUP, "id"],
    [DEFAULT_GROUP, "id"],
  ]);
}
