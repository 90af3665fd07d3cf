import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { forms } from "../../settings/aws-texts.ts";
import { autoNamed } from "../aws-names.ts";
import { named } from "../tags.ts";

/** What is watched: a VPC of ours, or a subnet of one that exists. */
export type Watched = { vpcId: pulumi.Input<string> } | { subnetId: pulumi.Input<string> };

export interface FlowLogsArgs {
  /** The log group's name. */
  logGroup: string;
  /** By a name that stays. */
  watched: Record<string, Watched>;
  /** Days that records are kept: one of the numbers that CloudWatch Logs takes. */
  retentionDays: number;
  /** ARN of the policy that bounds the role. @default none */
  permissionsBoundary?: string | undefined;
}

/** Seconds that a record sums up, the longest that AWS takes: fewer records, at the lowest price. */
const AGGREGATION = 600;

/**
 * Who talked to whom, accepted and refused alike: flow logs into one log group, and the role by which the VPC's
 * service, in this account and region only, writes there and nowhere else. GRE is in them by its addresses and bytes.
 *
 * They go with the stack: `pulumi destroy` deletes them.
 *
 * Costs about 0.50 USD for a GB taken in, and 0.03 USD a month for one kept; a flow is some 100 bytes each ten minutes.
 */
export class FlowLogs extends pulumi.ComponentResource {
  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:network:FlowLogs", name, {}, opts);
    const group = this.group(name, args);
    const role = this.role(name, args, group);
    const policy = this.policy(name, role, group);
    for (const [each, watched] of Object.entries(args.watched))
      this.flowLog(`${name}-${each}`, watched, { group, role, policy });
    this.registerOutputs({ logGroup: group.name });
  }

  private group(name: string, { logGroup, retentionDays }: FlowLogsArgs): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
      name,
      {
        name: logGroup,
        retentionInDays: retentionDays,
        tags: named("flow-logs"),
      },
      { parent: this },
    );
  }

  private role(
    name: string,
    { permissionsBoundary }: FlowLogsArgs,
    group: aws.cloudwatch.LogGroup,
  ): aws.iam.Role {
    const { partition, region, account } = partsOf(group.arn);
    const assumeRolePolicy = pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Action: "sts:AssumeRole",
          // Not for flow logs of others who know the role's name (AWS: the confused deputy problem).
          Condition: {
            StringEquals: { "aws:SourceAccount": account },
            ArnLike: {
              "aws:SourceArn": pulumi.interpolate`arn:${partition}:ec2:${region}:${account}:vpc-flow-log/*`,
            },
          },
        },
      ],
    });
    return new aws.iam.Role(
      autoNamed(forms.roleName, name),
      {
        description: "VPC flow logs: write to their log group",
        assumeRolePolicy,
        ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
        tags: named("flow-logs"),
      },
      { parent: this },
    );
  }

  private policy(name: string, role: aws.iam.Role, group: aws.cloudwatch.LogGroup): aws.iam.RolePolicy {
    const policy = pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          // The group in both forms that AWS writes it in: one page has the first, one the second, for one action.
          Resource: [group.arn, pulumi.interpolate`${group.arn}:*`],
        },
        // A call that lists: AWS lets nobody name a resource.
        { Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
      ],
    });
    return new aws.iam.RolePolicy(name, { role: role.id, policy }, { parent: this });
  }

  private flowLog(
    name: string,
    watched: Watched,
    {
      group,
      role,
      policy,
    }: { group: aws.cloudwatch.LogGroup; role: aws.iam.Role; policy: aws.iam.RolePolicy },
  ): aws.ec2.FlowLog {
    return new aws.ec2.FlowLog(
      name,
      {
        ...watched,
        trafficType: "ALL",
        maxAggregationInterval: AGGREGATION,
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        tags: named("flow-logs"),
      },
      { parent: this, dependsOn: [policy] },
    );
  }
}

/** `arn:<partition>:<service>:<region>:<account>:…`: what of an ARN others of the same place share. */
function partsOf(arn: pulumi.Output<string>) {
  const part = (at: number) => arn.apply((text) => text.split(":")[at]!);
  return { partition: part(1), region: part(3), account: part(4) };
}
