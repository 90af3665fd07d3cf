/** A recorded run of the program as AWS would see it: each resource with the ARN and the tags that IAM decides by. */
import type { ProgramRun, RecordedResource } from "../../../offline/program.ts";
import { arn, iamArn, plain, standing, type Target, wanted } from "./call.ts";

/** What Pulumi puts behind the program's name, where AWS wants one and the program gives none. */
const MADE_UP = "1a2b3c4";

/** By type: EC2's name for it in ARNs. */
const EC2: Record<string, string> = {
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "security-group",
  "aws:ec2/eip:Eip": "elastic-ip",
  "aws:ec2/flowLog:FlowLog": "vpc-flow-log",
  "aws:ec2/instance:Instance": "instance",
  "aws:ec2/internetGateway:InternetGateway": "internet-gateway",
  "aws:ec2/networkInterface:NetworkInterface": "network-interface",
  "aws:ec2/routeTable:RouteTable": "route-table",
  "aws:ec2/securityGroup:SecurityGroup": "security-group",
  "aws:ec2/subnet:Subnet": "subnet",
  "aws:ec2/vpc:Vpc": "vpc",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "security-group-rule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "security-group-rule",
};

/** By type: the ARN of all others. */
const OTHERS: Record<string, (name: string) => string> = {
  "aws:cloudwatch/logGroup:LogGroup": (name) => arn("logs", `log-group:${name}`),
  "aws:cloudwatch/metricAlarm:MetricAlarm": (name) => arn("cloudwatch", `alarm:${name}`),
  "aws:iam/instanceProfile:InstanceProfile": (name) => iamArn(`instance-profile/${name}`),
  "aws:iam/role:Role": (name) => iamArn(`role/${name}`),
  "aws:lb/listener:Listener": (name) =>
    arn("elasticloadbalancing", `listener/net/${name}/50dc6c495c0c9188/f2f7dc8efc522ab2`),
  "aws:lb/loadBalancer:LoadBalancer": (name) =>
    arn("elasticloadbalancing", `loadbalancer/net/${name}/50dc6c495c0c9188`),
  "aws:lb/targetGroup:TargetGroup": (name) =>
    arn("elasticloadbalancing", `targetgroup/${name}/73e2d6bc24d8a067`),
  "aws:route53/healthCheck:HealthCheck": () => "arn:aws:route53:::healthcheck/abcdef11-2222-3333-4444-555555",
  "aws:secretsmanager/secret:Secret": (name) => arn("secretsmanager", `secret:${name}-AbCdEf`),
};

export class World {
  readonly resources: RecordedResource[];

  constructor({ resources }: ProgramRun) {
    this.resources = resources.filter(({ type }) => type.startsWith("aws:"));
  }

  /** The resource that an input refers to, by its ID or ARN; none for what is not the stack's. */
  find(reference: string): RecordedResource | undefined {
    return this.resources.find(({ id, state }) => id === reference || state.arn === reference);
  }

  /** @throws Error for what is not the stack's. */
  get(reference: string): RecordedResource {
    const found = this.find(reference);
    if (!found) throw new Error(`${reference} is none of the stack's`);
    return found;
  }

  arn(resource: RecordedResource): string {
    const ec2 = EC2[resource.type];
    if (ec2 !== undefined) return arn("ec2", `${ec2}/${resource.id}`);
    const other = OTHERS[resource.type];
    if (other === undefined) throw new Error(`${resource.type} has no ARN here`);
    // A listener has its balancer's name.
    const named = resource.inputs.loadBalancerArn ? this.get(resource.inputs.loadBalancerArn) : resource;
    return other(named.inputs.name ?? `${named.name}-${MADE_UP}`);
  }

  /** A resource of the stack's, with its tags. */
  standing(resource: RecordedResource): Target {
    return standing(this.arn(resource), resource.inputs.tags);
  }

  /** The same, while it is made. */
  wanted(resource: RecordedResource): Target {
    return wanted(this.arn(resource), resource.inputs.tags);
  }

  /** What EC2 knows by an ID: the stack's own with its tags, somebody else's without. */
  ec2(type: string, id: string): Target {
    const own = this.find(id);
    return own ? this.standing(own) : plain(arn("ec2", `${type}/${id}`));
  }

  /** The role of an instance profile's ID. */
  roleOf(profile: string): Target {
    return this.standing(this.get(this.get(profile).inputs.role));
  }

  /** The policy that bounds a role, as the condition key that IAM then has. */
  boundary(role: RecordedResource): Record<string, string> {
    const { permissionsBoundary } = role.inputs;
    return permissionsBoundary === undefined ? {} : { "iam:PermissionsBoundary": permissionsBoundary };
  }
}
