/** The balancer is an internal network load balancer of the flows that have a server chosen, and of nothing else. */

import { BALANCER, LISTENER, TARGET_GROUP } from "../../../graph/types.ts";
import { balancedFlows, protocols } from "../../../protocols/protocols.ts";
import type { ResourceRule } from "../../framework/rule.ts";
import { BALANCED } from "../../resources/front-door.ts";

export const balancerInternal: ResourceRule<typeof BALANCER | typeof LISTENER | typeof TARGET_GROUP> = {
  name: "balancer-internal",
  demands: `A load balancer is a network one, internal, and serves ${BALANCED} only.`,
  severity: "high",
  reason:
    "A network load balancer drops GRE: a client that dials it connects and dies. It may only choose the server, behind a gateway that carries both flows.",
  fix: "let clients dial the gateways' Elastic IPs (pptp-fleet:frontDoor nlb), or the servers' (eip)",
  link: "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/introduction.html",
  of: [BALANCER, LISTENER, TARGET_GROUP],
  violations: ({ type, props }) => {
    if (type === BALANCER) {
      return [
        ...(props.loadBalancerType === "network"
          ? []
          : [`the load balancer is of the type ${props.loadBalancerType ?? "application"}`]),
        ...(props.internal === true ? [] : ["the load balancer faces the internet"]),
      ];
    }
    const what = type === LISTENER ? "listener" : "target group";
    return balancedFlows(protocols).some(
      ({ protocol, port }) => props.protocol === protocol.toUpperCase() && props.port === port,
    )
      ? []
      : [`the ${what} serves ${props.protocol ?? "no protocol"} ${props.port ?? "on no port"}`];
  },
};
