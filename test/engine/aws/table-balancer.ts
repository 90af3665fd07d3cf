/** The network load balancer and what hangs on it. */
import { isDeepStrictEqual } from "node:util";
import { BALANCER, LISTENER, TARGET, TARGET_GROUP } from "../../../graph/types.ts";
import { hasUnknown } from "../pulumi/wire.ts";
import type { Rows } from "./row.ts";

export const balancer: Rows = {
  [BALANCER]: {
    source: "elbv2/load_balancer.go",
    replaces: ["internal", "loadBalancerType"],
    updates: ["enableCrossZoneLoadBalancing", "enableDeletionProtection", "tags"],
    either: {
      // customizeDiffLoadBalancerNLB: more subnets are added in place; fewer, or others, replace it. It looks only at
      // what is wholly known, so a preview of a new zone says "update", as the update then does.
      subnetMappings: ({ subnetMappings: olds }, { subnetMappings: news }) =>
        !hasUnknown(news) && !(news.length > olds.length && olds.every((old: unknown) => has(news, old))),
      // The same function: from none to some, or from some to none.
      securityGroups: ({ securityGroups: olds = [] }, { securityGroups: news = [] }) =>
        !hasUnknown(news) && (olds.length === 0) !== (news.length === 0),
    },
  },
  [TARGET_GROUP]: {
    source: "elbv2/target_group.go",
    replaces: ["port", "protocol", "targetType", "vpcId"],
    updates: [
      "connectionTermination",
      "healthCheck",
      "loadBalancingCrossZoneEnabled",
      "preserveClientIp",
      "proxyProtocolV2",
      "stickiness",
      "tags",
      "targetHealthStates",
    ],
  },
  [LISTENER]: {
    source: "elbv2/listener.go",
    replaces: ["loadBalancerArn"],
    updates: ["defaultActions", "port", "protocol", "tags", "tcpIdleTimeoutSeconds"],
  },
  [TARGET]: {
    source: "elbv2/target_group_attachment.go",
    replaces: ["port", "targetGroupArn", "targetId"],
    updates: [],
  },
};

function has(list: unknown[], value: unknown): boolean {
  return list.some((each) => isDeepStrictEqual(each, value));
}
