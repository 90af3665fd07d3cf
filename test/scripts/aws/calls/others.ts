/** Accounts, roles, logs, and the name that clients dial. */
import { call, type Row, tagList } from "./call.ts";

export const others: Record<string, Row> = {
  "aws:secretsmanager/secret:Secret": {
    source: "secretsmanager/secret.go",
    calls: ({ name, description, recoveryWindowInDays: days, tags }, SecretId) => [
      call("secretsmanager CreateSecret", { Name: name, Description: description, Tags: tagList(tags) }),
      call("secretsmanager DeleteSecret", {
        SecretId,
        ...(days === 0 ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: days }),
      }),
    ],
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    source: "secretsmanager/secret_version.go",
    calls: ({ secretId, secretString }) => [
      call("secretsmanager PutSecretValue", { SecretId: secretId, SecretString: secretString }),
    ],
  },
  "aws:iam/role:Role": {
    source: "iam/role.go",
    calls: ({ name, description, assumeRolePolicy, tags }) => [
      call("iam CreateRole", {
        ...{ RoleName: name, Description: description, AssumeRolePolicyDocument: assumeRolePolicy },
        Tags: tagList(tags),
      }),
    ],
  },
  "aws:iam/rolePolicy:RolePolicy": {
    source: "iam/role_policy.go",
    calls: ({ name, role, policy }) => [
      call("iam PutRolePolicy", { PolicyName: name, RoleName: role, PolicyDocument: policy }),
    ],
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    source: "iam/instance_profile.go",
    calls: ({ name, role, tags }) => [
      call("iam CreateInstanceProfile", { InstanceProfileName: name, Tags: tagList(tags) }),
      call("iam AddRoleToInstanceProfile", { InstanceProfileName: name, RoleName: role }),
    ],
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    source: "logs/group.go",
    calls: ({ name, retentionInDays, tags }) => [
      call("logs CreateLogGroup", { logGroupName: name, tags }),
      call("logs PutRetentionPolicy", { logGroupName: name, retentionInDays }),
    ],
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    source: "cloudwatch/metric_alarm.go",
    calls: (inputs) => [
      call("cloudwatch PutMetricAlarm", {
        AlarmName: inputs.name,
        AlarmDescription: inputs.alarmDescription,
        ...{ Namespace: inputs.namespace, MetricName: inputs.metricName, Statistic: inputs.statistic },
        Dimensions: Object.entries(inputs.dimensions).map(([Name, Value]) => ({ Name, Value })),
        ...{ Period: inputs.period, EvaluationPeriods: inputs.evaluationPeriods },
        ...{ ComparisonOperator: inputs.comparisonOperator, Threshold: inputs.threshold },
        TreatMissingData: inputs.treatMissingData,
        Tags: tagList(inputs.tags),
      }),
    ],
  },
  "aws:route53/healthCheck:HealthCheck": {
    source: "route53/health_check.go",
    providersOwn: ["triggers"],
    calls: (inputs, ResourceId) => {
      const { cloudwatchAlarmName: Name, cloudwatchAlarmRegion: Region } = inputs;
      return [
        call("route53 CreateHealthCheck", {
          // The provider's own: `terraform-`, a time and a counter.
          CallerReference: "terraform-20261120000000000000000001",
          HealthCheckConfig: {
            Type: inputs.type,
            AlarmIdentifier: Name === undefined ? undefined : { Name, Region },
            InsufficientDataHealthStatus: inputs.insufficientDataHealthStatus,
            ChildHealthChecks: inputs.childHealthchecks,
            HealthThreshold: inputs.childHealthThreshold,
          },
        }),
        call("route53 ChangeTagsForResource", {
          ResourceType: "healthcheck",
          ResourceId,
          AddTags: tagList(inputs.tags),
        }),
      ];
    },
  },
  "aws:route53/record:Record": {
    source: "route53/record.go",
    calls: (inputs) => [
      call("route53 ChangeResourceRecordSets", {
        HostedZoneId: inputs.zoneId,
        ChangeBatch: {
          Comment: "Managed by Terraform",
          Changes: [
            {
              Action: "CREATE",
              ResourceRecordSet: {
                ...{ Name: inputs.name, Type: inputs.type, TTL: inputs.ttl },
                ResourceRecords: inputs.records.map((Value: string) => ({ Value })),
                SetIdentifier: inputs.setIdentifier,
                MultiValueAnswer: inputs.multivalueAnswerRoutingPolicy,
                HealthCheckId: inputs.healthCheckId,
              },
            },
          ],
        },
      }),
    ],
  },
};
