/** What the pack says of Pulumi.dev.yaml's stack where one property is not known, by type and property. */

/** Those that tell it of the tags of whatever has some. */
export const TOLD_OF_TAGS = ["restricted-texts", "required-tags"];

/** Those that read machines' bundles. */
const OF_BUNDLES = ["user-data-without-secrets", "accounts-stay-secret", "mppe-128", "timers-in-order"].map(
  (policy) => `${policy} of the stack`,
);

/** Policies that tell that they cannot judge: each resource that has the property, or (`of the stack`) all of it. */
export const TOLD: Record<string, string[]> = {
  "Role.assumeRolePolicy": ["least-privilege"],
  "RolePolicy.policy": ["least-privilege"],
  "BucketPolicy.policy": ["bucket-closed"],
  "BucketPublicAccessBlock.blockPublicAcls": ["bucket-closed"],
  "BucketPublicAccessBlock.blockPublicPolicy": ["bucket-closed"],
  "BucketPublicAccessBlock.ignorePublicAcls": ["bucket-closed"],
  "BucketPublicAccessBlock.restrictPublicBuckets": ["bucket-closed"],
  "BucketServerSideEncryptionConfiguration.rules": ["bucket-closed"],
  "BucketVersioning.versioningConfiguration": ["bucket-closed"],
  "SecretVersion.secretString": ["accounts-stay-secret of the stack"],
  "BucketObjectv2.bucket": OF_BUNDLES,
  "BucketObjectv2.content": OF_BUNDLES,
  "BucketObjectv2.contentBase64": ["user-data-without-secrets", ...OF_BUNDLES],
  "BucketObjectv2.key": ["user-data-without-secrets", ...OF_BUNDLES],
  "Bucket.bucket": ["restricted-texts", ...OF_BUNDLES],
  "LogGroup.name": ["restricted-texts"],
  "Role.description": ["restricted-texts"],
  "Secret.description": ["restricted-texts"],
  "Secret.name": ["restricted-texts"],
  "SecurityGroup.description": ["rules-described", "restricted-texts"],
  "SecurityGroupEgressRule.cidrIpv4": ["rules-described"],
  "SecurityGroupEgressRule.description": ["rules-described", "restricted-texts"],
  "SecurityGroupEgressRule.fromPort": ["rules-described", "gre-beside-control of the stack"],
  "SecurityGroupEgressRule.ipProtocol": ["rules-described", "gre-beside-control of the stack"],
  "SecurityGroupEgressRule.toPort": ["rules-described", "gre-beside-control of the stack"],
  "SecurityGroupIngressRule.cidrIpv4": ["no-open-world", "rules-described"],
  "SecurityGroupIngressRule.description": ["rules-described", "restricted-texts"],
  "SecurityGroupIngressRule.fromPort": [
    "no-open-world",
    "rules-described",
    "gre-beside-control of the stack",
  ],
  "SecurityGroupIngressRule.ipProtocol": [
    "no-open-world",
    "rules-described",
    "gre-beside-control of the stack",
  ],
  "SecurityGroupIngressRule.toPort": ["no-open-world", "rules-described", "gre-beside-control of the stack"],
  "Listener.port": ["balancer-internal"],
  "Listener.protocol": ["balancer-internal"],
  "Listener.tcpIdleTimeoutSeconds": ["timers-in-order of the stack"],
  "LoadBalancer.enableCrossZoneLoadBalancing": ["cross-zone-off"],
  "LoadBalancer.internal": ["balancer-internal"],
  "LoadBalancer.loadBalancerType": ["balancer-internal"],
  "TargetGroup.connectionTermination": ["targets-keep-tunnels"],
  "TargetGroup.loadBalancingCrossZoneEnabled": ["cross-zone-off"],
  "TargetGroup.port": ["balancer-internal"],
  "TargetGroup.preserveClientIp": ["targets-keep-tunnels"],
  "TargetGroup.protocol": ["balancer-internal"],
  "TargetGroup.proxyProtocolV2": ["targets-keep-tunnels"],
  "TargetGroup.stickiness": ["targets-keep-tunnels"],
  "TargetGroup.targetHealthStates": ["targets-keep-tunnels"],
  "Instance.instanceType": ["instance-type"],
  "Instance.metadataOptions": ["metadata-v2"],
  "Instance.rootBlockDevice": ["disks-encrypted"],
  "Instance.subnetId": ["flow-logs of the stack"],
  "Instance.userDataBase64": [
    ...["user-data-size", "user-data-without-secrets"],
    ...["mppe-128 of the stack", "timers-in-order of the stack"],
  ],
  "LogGroup.retentionInDays": ["log-retention"],
  "NetworkInterface.subnetId": ["flow-logs of the stack"],
};

const OPEN = [
  "gre-beside-control: pptp-fleet-gateway-in-control-198.51.100.0/24",
  "gre-beside-control: pptp-fleet-in-control-198.51.100.0/24",
];
/** A balancer carries TCP only: its group is excused, where the policy can see that it is a balancer's. */
const BEHIND_BALANCER = "gre-beside-control: pptp-fleet-balancer-in-control-198.51.100.0/24";
const NO_WAY_BACK = "balancer-way-back: pptp-fleet";
const NO_GATEWAY = [NO_WAY_BACK, "no-public-server: pptp-fleet-gateway-a"];
const BUCKET_PARTS = [
  "BucketPolicy",
  "BucketPublicAccessBlock",
  "BucketServerSideEncryptionConfiguration",
  "BucketVersioning",
];
const NO_FLOW_LOGS = ["flow-logs: pptp-fleet"];

/**
 * Violations: a policy that asks whether there is something takes what is not known for missing. Where the property refers
 * to another resource, no preview has that: there both sides are known, or neither.
 */
export const STOPPED: Record<string, string[]> = {
  "SecurityGroupEgressRule.cidrIpv4": OPEN,
  "SecurityGroupEgressRule.ipProtocol": OPEN,
  "SecurityGroupEgressRule.securityGroupId": OPEN,
  "SecurityGroupIngressRule.cidrIpv4": OPEN,
  "SecurityGroupIngressRule.securityGroupId": [BEHIND_BALANCER, ...OPEN],
  "Listener.loadBalancerArn": [NO_WAY_BACK],
  "LoadBalancer.securityGroups": [BEHIND_BALANCER],
  "LoadBalancer.subnetMappings": [NO_WAY_BACK],
  "EipAssociation.networkInterfaceId": [NO_WAY_BACK],
  "Instance.sourceDestCheck": [NO_WAY_BACK],
  "Instance.primaryNetworkInterface": ["no-public-server: pptp-fleet-a-1"],
  ...Object.fromEntries(BUCKET_PARTS.map((part) => [`${part}.bucket`, ["bucket-closed: pptp-fleet"]])),
  "Route.destinationCidrBlock": NO_GATEWAY,
  "Route.networkInterfaceId": NO_GATEWAY,
  "Route.routeTableId": [NO_WAY_BACK],
  "FlowLog.logDestination": NO_FLOW_LOGS,
  "FlowLog.trafficType": NO_FLOW_LOGS,
  "FlowLog.vpcId": NO_FLOW_LOGS,
  "DefaultSecurityGroup.vpcId": ["default-group-closed: pptp-fleet"],
  "RouteTableAssociation.routeTableId": [NO_WAY_BACK],
  "RouteTableAssociation.subnetId": [NO_WAY_BACK],
  "Fleet.plan": ["timers-in-order: pptp-fleet", "timers-in-order: pptp-fleet-a-1"],
};

/** The same where no member of any list or object is known; required-tags besides, at each that has tags. */
export const TOLD_OF_MEMBERS = [
  // Of encryption and of versioning.
  "bucket-closed: pptp-fleet",
  "bucket-closed: pptp-fleet",
  "disks-encrypted: pptp-fleet-a-1",
  "disks-encrypted: pptp-fleet-gateway-a",
  "metadata-v2: pptp-fleet-a-1",
  "metadata-v2: pptp-fleet-gateway-a",
  "targets-keep-tunnels: pptp-fleet",
];
export const STOPPED_BY_MEMBERS = [
  NO_WAY_BACK,
  BEHIND_BALANCER,
  "no-public-server: pptp-fleet-a-1",
  "timers-in-order: pptp-fleet",
  "timers-in-order: pptp-fleet-a-1",
];
