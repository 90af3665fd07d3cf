/** What AWS calls the resources of each type: in ARNs, and by ID. */
import type { AwsType } from "../../../graph/types.ts";
import {
  ALARM,
  BALANCER,
  BUCKET,
  DEFAULT_GROUP,
  EGRESS_RULE,
  EIP,
  FLOW_LOG,
  HEALTH_CHECK,
  INGRESS_RULE,
  INSTANCE,
  INSTANCE_PROFILE,
  INTERNET_GATEWAY,
  LISTENER,
  LOG_GROUP,
  NETWORK_INTERFACE,
  ROLE,
  ROUTE_TABLE,
  SECRET,
  SECURITY_GROUP,
  SUBNET,
  TARGET_GROUP,
  VPC,
  VPC_ENDPOINT,
} from "../../../graph/types.ts";
import { arn, iamArn } from "./call.ts";

/** EC2's: the word for the type in ARNs, and what its IDs begin with. */
export const EC2: { [T in AwsType]?: { word: string; prefix: string } } = {
  [DEFAULT_GROUP]: { word: "security-group", prefix: "sg" },
  [EIP]: { word: "elastic-ip", prefix: "eipalloc" },
  [FLOW_LOG]: { word: "vpc-flow-log", prefix: "fl" },
  [INSTANCE]: { word: "instance", prefix: "i" },
  [INTERNET_GATEWAY]: { word: "internet-gateway", prefix: "igw" },
  [NETWORK_INTERFACE]: { word: "network-interface", prefix: "eni" },
  [ROUTE_TABLE]: { word: "route-table", prefix: "rtb" },
  [SECURITY_GROUP]: { word: "security-group", prefix: "sg" },
  [SUBNET]: { word: "subnet", prefix: "subnet" },
  [VPC_ENDPOINT]: { word: "vpc-endpoint", prefix: "vpce" },
  [VPC]: { word: "vpc", prefix: "vpc" },
  [EGRESS_RULE]: { word: "security-group-rule", prefix: "sgr" },
  [INGRESS_RULE]: { word: "security-group-rule", prefix: "sgr" },
};

/** All others': the ARN by the resource's name. */
const OTHERS: { [T in AwsType]?: (name: string) => string } = {
  [LOG_GROUP]: (name) => arn("logs", `log-group:${name}`),
  [ALARM]: (name) => arn("cloudwatch", `alarm:${name}`),
  // Of all buckets, whoever's.
  [BUCKET]: (name) => `arn:aws:s3:::${name}`,
  [INSTANCE_PROFILE]: (name) => iamArn(`instance-profile/${name}`),
  [ROLE]: (name) => iamArn(`role/${name}`),
  [LISTENER]: (name) => arn("elasticloadbalancing", `listener/net/${name}/50dc6c495c0c9188/f2f7dc8efc522ab2`),
  [BALANCER]: (name) => arn("elasticloadbalancing", `loadbalancer/net/${name}/50dc6c495c0c9188`),
  [TARGET_GROUP]: (name) => arn("elasticloadbalancing", `targetgroup/${name}/73e2d6bc24d8a067`),
  [HEALTH_CHECK]: () => "arn:aws:route53:::healthcheck/abcdef11-2222-3333-4444-555555",
  [SECRET]: (name) => arn("secretsmanager", `secret:${name}-AbCdEf`),
};

/** Undefined for a type of which no ARN is needed. */
export function arnOf(type: string, id: string, name: string): string | undefined {
  const ec2 = EC2[type as AwsType];
  return ec2 ? arn("ec2", `${ec2.word}/${id}`) : OTHERS[type as AwsType]?.(name);
}
