/** Roles, secrets, logs, alarms and names. */
import type { Row } from "./row.ts";

export const others: Record<string, Row> = {
  "aws:iam/role:Role": {
    source: "iam/role.go",
    replaces: [],
    updates: ["assumeRolePolicy", "description", "permissionsBoundary", "tags"],
  },
  "aws:iam/rolePolicy:RolePolicy": {
    source: "iam/role_policy.go",
    replaces: ["role"],
    updates: ["policy"],
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    source: "iam/instance_profile.go",
    replaces: [],
    updates: ["role", "tags"],
  },
  "aws:secretsmanager/secret:Secret": {
    source: "secretsmanager/secret.go",
    replaces: ["name"],
    updates: ["description", "recoveryWindowInDays", "tags"],
    named: true,
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    source: "secretsmanager/secret_version.go",
    replaces: ["secretId", "secretString"],
    updates: [],
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    source: "logs/group.go",
    replaces: ["name"],
    updates: ["retentionInDays", "tags"],
    named: true,
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    source: "cloudwatch/metric_alarm.go",
    replaces: [],
    updates: [
      "alarmDescription",
      "comparisonOperator",
      "dimensions",
      "evaluationPeriods",
      "metricName",
      "namespace",
      "period",
      "statistic",
      "tags",
      "threshold",
      "treatMissingData",
    ],
  },
  "aws:route53/healthCheck:HealthCheck": {
    source: "route53/health_check.go",
    replaces: ["type"],
    updates: [
      "childHealthThreshold",
      "childHealthchecks",
      "cloudwatchAlarmName",
      "cloudwatchAlarmRegion",
      "insufficientDataHealthStatus",
      "tags",
      "triggers",
    ],
  },
  "aws:route53/record:Record": {
    source: "route53/record.go",
    replaces: ["name", "zoneId"],
    updates: ["healthCheckId", "multivalueAnswerRoutingPolicy", "records", "setIdentifier", "ttl", "type"],
  },
};
