/** Roles, secrets, logs, alarms and names. */

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
} from "../../../graph/types.ts";
import type { Rows } from "./row.ts";

export const others: Rows = {
  [ROLE]: {
    source: "iam/role.go",
    replaces: [],
    updates: ["assumeRolePolicy", "description", "permissionsBoundary", "tags"],
  },
  [ROLE_POLICY]: {
    source: "iam/role_policy.go",
    replaces: ["role"],
    updates: ["policy"],
  },
  [INSTANCE_PROFILE]: {
    source: "iam/instance_profile.go",
    replaces: [],
    updates: ["role", "tags"],
  },
  [SECRET]: {
    source: "secretsmanager/secret.go",
    replaces: ["name"],
    updates: ["description", "recoveryWindowInDays", "tags"],
    named: "name",
  },
  [SECRET_VERSION]: {
    source: "secretsmanager/secret_version.go",
    replaces: ["secretId", "secretString"],
    updates: [],
  },
  [LOG_GROUP]: {
    source: "logs/group.go",
    replaces: ["name"],
    updates: ["retentionInDays", "tags"],
    named: "name",
  },
  [ALARM]: {
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
  [HEALTH_CHECK]: {
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
  [RECORD]: {
    source: "route53/record.go",
    replaces: ["name", "zoneId"],
    updates: ["healthCheckId", "multivalueAnswerRoutingPolicy", "records", "setIdentifier", "ttl", "type"],
  },
};
