/** A balancer's node chooses among its own zone's servers. */

import { BALANCER, TARGET_GROUP } from "../../../graph/types.ts";
import type { ResourceRule } from "../../framework/rule.ts";

export const crossZoneOff: ResourceRule<typeof BALANCER | typeof TARGET_GROUP> = {
  name: "cross-zone-off",
  demands: "Cross-zone load balancing is off, on the balancer and on its target groups.",
  severity: "high",
  reason:
    "A tunnel's GRE does not say which gateway was dialled: a server of another zone would answer by its own, under an address that the client never dialled.",
  fix: 'enableCrossZoneLoadBalancing: false and loadBalancingCrossZoneEnabled: "false", as in components/front-door/balancer.ts',
  link: "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-cross-zone.html",
  of: [BALANCER, TARGET_GROUP],
  violations: ({ type, props }) => {
    // Off is what a network load balancer has by default; a group's own word is stronger.
    const on = type === BALANCER ? props.enableCrossZoneLoadBalancing : props.loadBalancingCrossZoneEnabled;
    return String(on) === "true" ? ["cross-zone load balancing is on"] : [];
  },
};
