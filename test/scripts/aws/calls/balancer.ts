/** The network load balancer and what hangs on it. */

import { BALANCER, LISTENER, TARGET, TARGET_GROUP } from "../../../../graph/types.ts";
import { attributes, call, type Inputs, type Row, tagList } from "./call.ts";

export const balancer: Record<string, Row> = {
  [BALANCER]: {
    source: "elbv2/load_balancer.go",
    calls: (inputs, LoadBalancerArn) => [
      call("elbv2 CreateLoadBalancer", {
        Name: inputs.name,
        Type: inputs.loadBalancerType,
        Scheme: inputs.internal ? "internal" : undefined,
        SubnetMappings: inputs.subnetMappings.map(({ subnetId, privateIpv4Address }: Inputs) => ({
          SubnetId: subnetId,
          PrivateIPv4Address: privateIpv4Address,
        })),
        SecurityGroups: inputs.securityGroups,
        Tags: tagList(inputs.tags),
      }),
      call("elbv2 ModifyLoadBalancerAttributes", {
        LoadBalancerArn,
        Attributes: attributes({
          "deletion_protection.enabled": inputs.enableDeletionProtection,
          "load_balancing.cross_zone.enabled": inputs.enableCrossZoneLoadBalancing,
        }),
      }),
    ],
  },
  [TARGET_GROUP]: {
    source: "elbv2/target_group.go",
    calls: (inputs, TargetGroupArn) => {
      const { healthCheck: check, stickiness, targetHealthStates } = inputs;
      return [
        call("elbv2 CreateTargetGroup", {
          ...{ Name: inputs.name, Protocol: inputs.protocol, Port: inputs.port, VpcId: inputs.vpcId },
          TargetType: inputs.targetType,
          HealthCheckProtocol: check.protocol,
          HealthCheckPort: check.port,
          HealthCheckPath: check.path,
          HealthCheckIntervalSeconds: check.interval,
          HealthCheckTimeoutSeconds: check.timeout,
          HealthyThresholdCount: check.healthyThreshold,
          UnhealthyThresholdCount: check.unhealthyThreshold,
          Matcher: { HttpCode: check.matcher },
          Tags: tagList(inputs.tags),
        }),
        call("elbv2 ModifyTargetGroupAttributes", {
          TargetGroupArn,
          Attributes: attributes({
            "preserve_client_ip.enabled": inputs.preserveClientIp,
            "proxy_protocol_v2.enabled": inputs.proxyProtocolV2,
            "load_balancing.cross_zone.enabled": inputs.loadBalancingCrossZoneEnabled,
            "stickiness.enabled": stickiness.enabled,
            "stickiness.type": stickiness.type,
            "deregistration_delay.connection_termination.enabled": inputs.connectionTermination,
            "target_health_state.unhealthy.connection_termination.enabled":
              targetHealthStates[0].enableUnhealthyConnectionTermination,
            "target_health_state.unhealthy.draining_interval_seconds":
              targetHealthStates[0].unhealthyDrainingInterval,
          }),
        }),
      ];
    },
  },
  [LISTENER]: {
    source: "elbv2/listener.go",
    calls: (inputs, ListenerArn) => [
      call("elbv2 CreateListener", {
        LoadBalancerArn: inputs.loadBalancerArn,
        Protocol: inputs.protocol,
        Port: inputs.port,
        DefaultActions: inputs.defaultActions.map(({ type, targetGroupArn }: Inputs) => ({
          Type: type,
          TargetGroupArn: targetGroupArn,
        })),
        Tags: tagList(inputs.tags),
      }),
      call("elbv2 ModifyListenerAttributes", {
        ListenerArn,
        Attributes: attributes({ "tcp.idle_timeout.seconds": inputs.tcpIdleTimeoutSeconds }),
      }),
    ],
  },
  [TARGET]: {
    source: "elbv2/target_group_attachment.go",
    calls: ({ targetGroupArn, targetId, port }) => [
      call("elbv2 RegisterTargets", {
        TargetGroupArn: targetGroupArn,
        Targets: [{ Id: targetId, Port: port }],
      }),
    ],
  },
};
