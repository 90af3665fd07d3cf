/** The network load balancer and what hangs on it. */

import { BALANCER, LISTENER, SUBNET, TARGET, TARGET_GROUP } from "../../../../graph/types.ts";
import { NAMED } from "../../../shared/existing-vpc.ts";
import { type Call, call, iamArn, looks, plain, type Target } from "../call.ts";
import type { Lives } from "./lives.ts";

const elb = (action: string, on: Record<string, Target | Target[]> = {}, context = {}) =>
  call(`elasticloadbalancing:${action}`, on, context);

function tagsOf(type: string, made: Target, action: string): Call {
  return elb("AddTags", { [type]: made }, { "elasticloadbalancing:CreateAction": action });
}

function retagged(type: string, target: Target): Call[] {
  return [elb("AddTags", { [type]: target }), elb("RemoveTags", { [type]: target })];
}

const TAGS = looks("elasticloadbalancing:DescribeTags");
const SERVICE = "elasticloadbalancing.amazonaws.com";
/** For the first balancer of an account. */
const ITS_ROLE = call(
  "iam:CreateServiceLinkedRole",
  { role: plain(iamArn(`role/aws-service-role/${SERVICE}/AWSServiceRoleForElasticLoadBalancing`)) },
  { "iam:AWSServiceName": SERVICE },
);

export const balancer: Lives = {
  [BALANCER]: (self, graph) => {
    const on = { "loadbalancer/net/": graph.standing(self) };
    const made = graph.wanted(self);
    const { subnetId } = self.inputs.subnetMappings[0]!;
    // A subnet that exists is in a VPC that exists.
    const subnet = graph.all(SUBNET).find(({ id }) => id === subnetId);
    const vpc = graph.ec2("vpc", subnet?.inputs.vpcId ?? NAMED.vpcId);
    const attributes = [elb("ModifyLoadBalancerAttributes", on)];
    // ELB makes these with the caller's rights (AWS: Elastic Load Balancing API permissions; the last one since October 2024:
    // kubernetes-sigs/aws-load-balancer-controller, pull request 3921).
    const asCaller = [
      ...looks("ec2:DescribeAccountAttributes", "ec2:DescribeAddresses", "ec2:DescribeInternetGateways"),
      ...looks("ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"),
      call("ec2:GetSecurityGroupsForVpc", { vpc }),
    ];
    return {
      create: [
        elb("CreateLoadBalancer", { "loadbalancer/net/": made }),
        tagsOf("loadbalancer/net/", made, "CreateLoadBalancer"),
        ...asCaller,
        ITS_ROLE,
        ...attributes,
      ],
      read: [
        ...looks("elasticloadbalancing:DescribeLoadBalancers"),
        ...looks("elasticloadbalancing:DescribeLoadBalancerAttributes"),
        ...looks("elasticloadbalancing:DescribeCapacityReservation"),
        ...TAGS,
      ],
      update: {
        enableCrossZoneLoadBalancing: attributes,
        enableDeletionProtection: attributes,
        securityGroups: [elb("SetSecurityGroups", on), ...asCaller],
        subnetMappings: [elb("SetSubnets", on), ...looks("ec2:DescribeSubnets")],
        tags: retagged("loadbalancer/net/", on["loadbalancer/net/"]),
      },
      // It waits for the balancer's interfaces to go.
      delete: [elb("DeleteLoadBalancer", on), ...looks("ec2:DescribeNetworkInterfaces")],
    };
  },

  [TARGET_GROUP]: (self, graph) => {
    const on = { targetgroup: graph.standing(self) };
    const made = graph.wanted(self);
    const attributes = [elb("ModifyTargetGroupAttributes", on)];
    return {
      create: [
        elb("CreateTargetGroup", { targetgroup: made }),
        tagsOf("targetgroup", made, "CreateTargetGroup"),
        ...looks("ec2:DescribeInternetGateways", "ec2:DescribeVpcs"),
        ...attributes,
      ],
      read: [
        ...looks("elasticloadbalancing:DescribeTargetGroups"),
        ...looks("elasticloadbalancing:DescribeTargetGroupAttributes"),
        ...TAGS,
      ],
      update: {
        connectionTermination: attributes,
        loadBalancingCrossZoneEnabled: attributes,
        preserveClientIp: attributes,
        proxyProtocolV2: attributes,
        stickiness: attributes,
        targetHealthStates: attributes,
        healthCheck: [elb("ModifyTargetGroup", on)],
        tags: retagged("targetgroup", on.targetgroup),
      },
      delete: [elb("DeleteTargetGroup", on)],
    };
  },

  [LISTENER]: (self, graph) => {
    const on = { "listener/net": graph.standing(self) };
    const made = graph.wanted(self);
    const loadBalancer = graph.standing(graph.find(BALANCER, self.inputs.loadBalancerArn));
    const attributes = [elb("ModifyListenerAttributes", on)];
    const modify = [elb("ModifyListener", on)];
    return {
      create: [
        elb("CreateListener", { "loadbalancer/net/": loadBalancer }),
        tagsOf("listener/net", made, "CreateListener"),
        ...attributes,
      ],
      read: [
        ...looks("elasticloadbalancing:DescribeListeners"),
        ...looks("elasticloadbalancing:DescribeListenerAttributes"),
        ...TAGS,
      ],
      update: {
        defaultActions: modify,
        port: modify,
        protocol: modify,
        tcpIdleTimeoutSeconds: attributes,
        tags: retagged("listener/net", on["listener/net"]),
      },
      delete: [elb("DeleteListener", on)],
    };
  },

  [TARGET]: (self, graph) => {
    const on = { targetgroup: graph.standing(graph.find(TARGET_GROUP, self.inputs.targetGroupArn)) };
    return {
      create: [
        elb("RegisterTargets", on),
        ...looks("ec2:DescribeInstances", "ec2:DescribeInternetGateways"),
        ...looks("ec2:DescribeSubnets", "ec2:DescribeVpcs"),
      ],
      read: looks("elasticloadbalancing:DescribeTargetHealth"),
      update: {},
      delete: [elb("DeregisterTargets", on), ...looks("elasticloadbalancing:DescribeTargetHealth")],
    };
  },
};
