/** Types of resources as Pulumi names them: all that the program makes of AWS's, and all that a policy knows. */
import type * as aws from "@pulumi/aws";

export const VPC = "aws:ec2/vpc:Vpc";
export const INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway";
export const SUBNET = "aws:ec2/subnet:Subnet";
export const ROUTE_TABLE = "aws:ec2/routeTable:RouteTable";
export const ROUTE_TABLE_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";
export const ROUTE = "aws:ec2/route:Route";
export const FLOW_LOG = "aws:ec2/flowLog:FlowLog";
export const VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

export const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
export const DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
export const INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
export const EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
/** The older rule, of either direction. */
export const GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";

export const INSTANCE = "aws:ec2/instance:Instance";
export const LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
export const VOLUME = "aws:ebs/volume:Volume";
export const NETWORK_INTERFACE = "aws:ec2/networkInterface:NetworkInterface";
export const INTERFACE_ATTACHMENT = "aws:ec2/networkInterfaceAttachment:NetworkInterfaceAttachment";
export const EIP = "aws:ec2/eip:Eip";
export const EIP_ASSOCIATION = "aws:ec2/eipAssociation:EipAssociation";

export const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
export const LISTENER = "aws:lb/listener:Listener";
export const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
/** One target of a group. */
export const TARGET = "aws:lb/targetGroupAttachment:TargetGroupAttachment";

export const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
export const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
export const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";
/** Of a hosted zone. */
export const RECORD = "aws:route53/record:Record";
export const SECRET = "aws:secretsmanager/secret:Secret";
export const BUCKET_OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";
export const SECRET_VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

export const BUCKET = "aws:s3/bucket:Bucket";
export const BUCKET_VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
export const BUCKET_PUBLIC_ACCESS = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
export const BUCKET_ENCRYPTION =
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
export const BUCKET_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
export const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";

export const ROLE = "aws:iam/role:Role";
export const INSTANCE_PROFILE = "aws:iam/instanceProfile:InstanceProfile";
export const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
export const USER_POLICY = "aws:iam/userPolicy:UserPolicy";
export const GROUP_POLICY = "aws:iam/groupPolicy:GroupPolicy";
export const IAM_POLICY = "aws:iam/policy:Policy";
/** Each gives somebody a policy that stands elsewhere. */
export const POLICY_ATTACHMENTS = [
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
  "aws:iam/policyAttachment:PolicyAttachment",
] as const;

/** The program's own: its outputs hold the plan. */
export const FLEET = "pptp-fleet:fleet:Fleet";

/** By type: the SDK's class. What its resources have, properties.ts takes from there. */
export interface Classes {
  [VPC]: typeof aws.ec2.Vpc;
  [INTERNET_GATEWAY]: typeof aws.ec2.InternetGateway;
  [SUBNET]: typeof aws.ec2.Subnet;
  [ROUTE_TABLE]: typeof aws.ec2.RouteTable;
  [ROUTE_TABLE_ASSOCIATION]: typeof aws.ec2.RouteTableAssociation;
  [ROUTE]: typeof aws.ec2.Route;
  [FLOW_LOG]: typeof aws.ec2.FlowLog;
  [VPC_ENDPOINT]: typeof aws.ec2.VpcEndpoint;
  [SECURITY_GROUP]: typeof aws.ec2.SecurityGroup;
  [DEFAULT_GROUP]: typeof aws.ec2.DefaultSecurityGroup;
  [INGRESS_RULE]: typeof aws.vpc.SecurityGroupIngressRule;
  [EGRESS_RULE]: typeof aws.vpc.SecurityGroupEgressRule;
  [GROUP_RULE]: typeof aws.ec2.SecurityGroupRule;
  [INSTANCE]: typeof aws.ec2.Instance;
  [LAUNCH_TEMPLATE]: typeof aws.ec2.LaunchTemplate;
  [VOLUME]: typeof aws.ebs.Volume;
  [NETWORK_INTERFACE]: typeof aws.ec2.NetworkInterface;
  [INTERFACE_ATTACHMENT]: typeof aws.ec2.NetworkInterfaceAttachment;
  [EIP]: typeof aws.ec2.Eip;
  [EIP_ASSOCIATION]: typeof aws.ec2.EipAssociation;
  [BALANCER]: typeof aws.lb.LoadBalancer;
  [LISTENER]: typeof aws.lb.Listener;
  [TARGET_GROUP]: typeof aws.lb.TargetGroup;
  [TARGET]: typeof aws.lb.TargetGroupAttachment;
  [ALARM]: typeof aws.cloudwatch.MetricAlarm;
  [LOG_GROUP]: typeof aws.cloudwatch.LogGroup;
  [HEALTH_CHECK]: typeof aws.route53.HealthCheck;
  [RECORD]: typeof aws.route53.Record;
  [SECRET]: typeof aws.secretsmanager.Secret;
  [BUCKET_OBJECT]: typeof aws.s3.BucketObjectv2;
  [SECRET_VERSION]: typeof aws.secretsmanager.SecretVersion;
  [BUCKET]: typeof aws.s3.Bucket;
  [BUCKET_VERSIONING]: typeof aws.s3.BucketVersioning;
  [BUCKET_PUBLIC_ACCESS]: typeof aws.s3.BucketPublicAccessBlock;
  [BUCKET_ENCRYPTION]: typeof aws.s3.BucketServerSideEncryptionConfiguration;
  [BUCKET_LIFECYCLE]: typeof aws.s3.BucketLifecycleConfiguration;
  [BUCKET_POLICY]: typeof aws.s3.BucketPolicy;
  [ROLE]: typeof aws.iam.Role;
  [INSTANCE_PROFILE]: typeof aws.iam.InstanceProfile;
  [ROLE_POLICY]: typeof aws.iam.RolePolicy;
  [USER_POLICY]: typeof aws.iam.UserPolicy;
  [GROUP_POLICY]: typeof aws.iam.GroupPolicy;
  [IAM_POLICY]: typeof aws.iam.Policy;
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": typeof aws.iam.RolePolicyAttachment;
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": typeof aws.iam.UserPolicyAttachment;
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": typeof aws.iam.GroupPolicyAttachment;
  "aws:iam/policyAttachment:PolicyAttachment": typeof aws.iam.PolicyAttachment;
}

export type AwsType = keyof Classes;
export type Type = AwsType | typeof FLEET;

/** Whether a type is one of AWS's. */
export function isOfAws(type: string): boolean {
  return type.startsWith("aws:");
}

/** `Instance` of `aws:ec2/instance:Instance`. */
export function kindOf(type: string): string {
  return type.split(":").at(-1)!;
}
