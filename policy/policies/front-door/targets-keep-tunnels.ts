/** The balancer keeps its choice, the client's address, and the connections of servers that take no more. */

import { TARGET_GROUP } from "../../../graph/types.ts";
import type { ResourceRule } from "../../framework/rule.ts";

export const targetsKeepTunnels: ResourceRule<typeof TARGET_GROUP> = {
  name: "targets-keep-tunnels",
  demands:
    "A target group is sticky by source address, keeps the client's address, and ends no connection of an unhealthy or leaving target.",
  severity: "high",
  reason:
    "pptpd binds GRE to the address that it sees on TCP, a redial must find the server that has the last session, and a full or draining server must keep whom it has.",
  fix: "set the target group as components/front-door/balancer.ts does",
  link: "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html",
  of: [TARGET_GROUP],
  violations: ({ props }) => {
    const { stickiness, targetHealthStates } = props;
    const states = [targetHealthStates ?? []].flat();
    const wrong: [problem: string, isWrong: boolean][] = [
      ["it is not sticky by source_ip", stickiness?.enabled !== true || stickiness?.type !== "source_ip"],
      // With targets by address AWS's default for TCP is off.
      ["it does not keep the client's address", String(props.preserveClientIp) !== "true"],
      ["it speaks proxy protocol, which pptpd does not", props.proxyProtocolV2 === true],
      ["it ends the connections of targets that leave", props.connectionTermination === true],
      [
        "it ends the connections of unhealthy targets",
        states.length === 0 || states.some((each) => each.enableUnhealthyConnectionTermination !== false),
      ],
    ];
    return wrong.filter(([, isWrong]) => isWrong).map(([problem]) => problem);
  },
};
