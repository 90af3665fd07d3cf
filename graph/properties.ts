/**
 * What each type's resources have: names and values of their properties, by the SDK's own declarations. Types only: whoever
 * imports this loads nothing.
 */
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { GIVEN } from "./given.ts";
import type * as types from "./types.ts";

/** By type: the SDK's class. A new type has its line here. */
interface Classes {
  [types.VPC]: typeof aws.ec2.Vpc;
  [types.INTERNET_GATEWAY]: typeof aws.ec2.InternetGateway;
  [types.SUBNET]: typeof aws.ec2.Subnet;
  [types.ROUTE_TABLE]: typeof aws.ec2.RouteTable;
  [types.ROUTE_TABLE_ASSOCIATION]: typeof aws.ec2.RouteTableAssociation;
  [types.ROUTE]: typeof aws.ec2.Route;
  [types.FLOW_LOG]: typeof aws.ec2.FlowLog;
  [types.SECURITY_GROUP]: typeof aws.ec2.SecurityGroup;
  [types.DEFAULT_GROUP]: typeof aws.ec2.DefaultSecurityGroup;
  [types.INGRESS_RULE]: typeof aws.vpc.SecurityGroupIngressRule;
  [types.EGRESS_RULE]: typeof aws.vpc.SecurityGroupEgressRule;
  [types.GROUP_RULE]: typeof aws.ec2.SecurityGroupRule;
  [types.INSTANCE]: typeof aws.ec2.Instance;
  [types.LAUNCH_TEMPLATE]: typeof aws.ec2.LaunchTemplate;
  [types.VOLUME]: typeof aws.ebs.Volume;
  [types.NETWORK_INTERFACE]: typeof aws.ec2.NetworkInterface;
  [types.INTERFACE_ATTACHMENT]: typeof aws.ec2.NetworkInterfaceAttachment;
  [types.EIP]: typeof aws.ec2.Eip;
  [types.EIP_ASSOCIATION]: typeof aws.ec2.EipAssociation;
  [types.BALANCER]: typeof aws.lb.LoadBalancer;
  [types.LISTENER]: typeof aws.lb.Listener;
  [types.TARGET_GROUP]: typeof aws.lb.TargetGroup;
  [types.TARGET]: typeof aws.lb.TargetGroupAttachment;
  [types.ALARM]: typeof aws.cloudwatch.MetricAlarm;
  [types.LOG_GROUP]: typeof aws.cloudwatch.LogGroup;
  [types.HEALTH_CHECK]: typeof aws.route53.HealthCheck;
  [types.RECORD]: typeof aws.route53.Record;
  [types.SECRET]: typeof aws.secretsmanager.Secret;
  [types.SECRET_VERSION]: typeof aws.secretsmanager.SecretVersion;
  [types.ROLE]: typeof aws.iam.Role;
  [types.INSTANCE_PROFILE]: typeof aws.iam.InstanceProfile;
  [types.ROLE_POLICY]: typeof aws.iam.RolePolicy;
  [types.USER_POLICY]: typeof aws.iam.UserPolicy;
  [types.GROUP_POLICY]: typeof aws.iam.GroupPolicy;
  [types.IAM_POLICY]: typeof aws.iam.Policy;
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": typeof aws.iam.RolePolicyAttachment;
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": typeof aws.iam.UserPolicyAttachment;
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": typeof aws.iam.GroupPolicyAttachment;
  "aws:iam/policyAttachment:PolicyAttachment": typeof aws.iam.PolicyAttachment;
}

export type AwsType = keyof Classes;
export type Type = AwsType | typeof types.FLEET;

/** As they are recorded: outputs and promises by their values, a resource by its ID, a policy document as text. */
type Plain<T> = T extends
  | Promise<unknown>
  | pulumi.OutputInstance<unknown>
  | pulumi.Resource
  | aws.iam.PolicyDocument
  ? never
  : T extends readonly (infer Member)[]
    ? Plain<Member>[]
    : T extends object
      ? { [Key in keyof T]: Plain<T[Key]> }
      : T;

type Args<T extends AwsType> = Plain<NonNullable<ConstructorParameters<Classes[T]>[1]>>;

/** What a resource has once AWS has made it. */
type Outputs<T extends AwsType> = {
  [Key in keyof InstanceType<Classes[T]> as InstanceType<
    Classes[T]
  >[Key] extends pulumi.OutputInstance<unknown>
    ? Key
    : never]: InstanceType<Classes[T]>[Key] extends pulumi.OutputInstance<infer Value> ? Value : never;
};

/** A property's name: of an input or an output. */
export type Name<T extends Type> = T extends AwsType ? keyof Args<T> | keyof Outputs<T> : "plan";

type Given<T extends Type> = T extends keyof typeof GIVEN ? (typeof GIVEN)[T][number] & keyof Args<T> : never;

/** What the program says of a resource. */
export type Inputs<T extends Type> = T extends AwsType
  ? Args<T> & { [Key in Given<T>]: NonNullable<Args<T>[Key]> }
  : Record<string, never>;

/** What AWS adds to it, as far as offline/answers.ts makes it up: of each type a name and an ARN, and of some more. */
export interface Added {
  [types.EIP]: Pick<Outputs<typeof types.EIP>, "allocationId" | "publicIp">;
  /** Where it makes an interface for the instance. */
  [types.INSTANCE]: Partial<Pick<Outputs<typeof types.INSTANCE>, "primaryNetworkInterfaceId" | "privateIp">>;
  [types.BALANCER]: Pick<Outputs<typeof types.BALANCER>, "arnSuffix">;
  [types.TARGET_GROUP]: Pick<Outputs<typeof types.TARGET_GROUP>, "arnSuffix">;
}

/** Inputs, and what AWS adds. */
export type State<T extends Type> = Inputs<T> & { name: string; arn: string } & (T extends keyof Added
    ? Added[T]
    : unknown);

/** What any program might say of a resource: each part may be missing. */
export type Said<T extends Type> = T extends AwsType ? Partly<Args<T>> : Record<string, never>;

type Partly<T> = T extends readonly (infer Member)[]
  ? Partly<Member>[]
  : T extends object
    ? { [Key in keyof T]?: Partly<T[Key]> | undefined }
    : T;
