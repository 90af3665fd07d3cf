/** Accounts, roles, logs, and the name that clients dial. */

import {
  ALARM,
  HEALTH_CHECK,
  INSTANCE_PROFILE,
  LOG_GROUP,
  RECORD,
  ROLE,
  ROLE_POLICY,
  SECRET,
  SECRET_VERSION,
} from "../../../../graph/types.ts";
import { call, type Row, tagList } from "./call.ts";

export const others: Record<string, Row> = {
  [SECRET]: {
    source: "secretsmanager/secret.go",
    calls: ({ name, description, recoveryWindowInDays: days, tags }, SecretId) => [
      call("secretsmanager CreateSecret", { Name: name, Description: description, Tags: tagList(tags) }),
      call("secretsmanager DeleteSecret", {
        SecretId,
        ...(days === 0 ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: days }),
      }),
    ],
  },
  [SECRET_VERSION]: {
    source: "secretsmanager/secret_version.go",
    calls: ({ secretId, secretString }) => [
      call("secretsmanager PutSecretValue", { SecretId: secretId, SecretString: secretString }),
    ],
  },
  [ROLE]: {
    source: "iam/role.go",
    calls: ({ name, description, assumeRolePolicy, tags }) => [
      call("iam CreateRole", {
        ...{ RoleName: name, Description: description, AssumeRolePolicyDocument: assumeRolePolicy },
        Tags: tagList(tags),
      }),
    ],
  },
  [ROLE_POLICY]: {
    source: "iam/role_policy.go",
    calls: ({ name, role, policy }) => [
      call("iam PutRolePolicy", { PolicyName: name, RoleName: role, PolicyDocument: policy }),
    ],
  },
  [INSTANCE_PROFILE]: {
    source: "iam/instance_profile.go",
    calls: ({ name, role, tags }) => [
      call("iam CreateInstanceProfile", { InstanceProfileName: name, Tags: tagList(tags) }),
      call("iam AddRoleToInstanceProfile", { InstanceProfileName: name, RoleName: role }),
    ],
  },
  [LOG_GROUP]: {
    source: "logs/group.go",
    calls: ({ name, retentionInDays, tags }) => [
      call("logs CreateLogGroup", { logGroupName: name, tags }),
      call("logs PutRetentionPolicy", { logGroupName: name, retentionInDays }),
    ],
  },
  [ALARM]: {
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
  [HEALTH_CHECK]: {
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
  [RECORD]: {
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
