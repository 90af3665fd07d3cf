/** Who talked to the fleet is on record. */

import { FLOW_LOG, INSTANCE, LOG_GROUP, NETWORK_INTERFACE, SUBNET, VPC } from "../../../graph/types.ts";
import type { Finding, NotYet, StackRule } from "../../framework/rule.ts";
import { type Node, type Stack, UNKNOWN } from "../../framework/stack.ts";

export const flowLogs: StackRule = {
  name: "flow-logs",
  demands:
    "Each VPC of the stack, and each subnet of another's VPC that it puts machines into, has a flow log with a destination.",
  severity: "medium",
  reason: "PPTP's own logs know accounts; who tried from where, and how much left, only the network knows.",
  fix: "components/network/flow-logs.ts makes them; where another's VPC is watched by its owner, a waiver says so",
  link: "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html",
  // An instance on an interface names no subnet; AWS's answer does.
  inputsOf: [NETWORK_INTERFACE, INSTANCE],
  stackViolations: (stack) => [
    ...stack
      .all(VPC)
      .filter((vpc) => !stack.referring(FLOW_LOG, "vpcId", vpc).some(watches(stack)))
      .map((node) => ({ node, problem: "the VPC has no flow log" })),
    ...stack.all(NETWORK_INTERFACE, INSTANCE).flatMap((node) => inAnothers(stack, node)),
  ],
};

/** Accepted, refused, or both; and where records go is known, or wired to a log group of the stack. */
function watches(stack: Stack) {
  return (log: Node<typeof FLOW_LOG>): boolean =>
    ["ALL", "REJECT"].includes(log.props.trafficType as string) &&
    (typeof log.props.logDestination === "string" ||
      stack.referred(log, "logDestination", [[LOG_GROUP, "arn"]]).length > 0);
}

function inAnothers(
  stack: Stack,
  node: Node<typeof NETWORK_INTERFACE | typeof INSTANCE>,
): (Finding | NotYet)[] {
  const { subnetId } = node.said;
  if (subnetId === undefined || stack.referred(node, "subnetId", [[SUBNET, "id"]]).length > 0) return [];
  if (subnetId === UNKNOWN) return [{ node, unknown: "subnetId" }];
  const watched = stack
    .all(FLOW_LOG)
    .filter(watches(stack))
    .some(({ props }) => props.subnetId === subnetId);
  return watched
    ? []
    : [{ node, problem: `it stands in ${String(subnetId)}, which has no flow log of this stack's` }];
}
