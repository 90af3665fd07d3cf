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
} from "../../../../graph/types.ts";
import { arn, call, looks, passRole, plain, type Target } from "../call.ts";
import type { Lives } from "./lives.ts";

/**
 * A log group in both forms that AWS writes it in: its reference without an end, its page of ARNs with `:*` for all actions
 * but those of tags.
 */
function logGroup({ arn: name, context }: Target) {
  return { "log-group": [name, `${name}:*`].map((form) => ({ arn: form, context })) };
}

export const others: Lives = {
  [ROLE]: (self, graph) => {
    const role = plain(graph.arn(self));
    const iam = (action: string, context = {}) => call(`iam:${action}`, { role }, context);
    const profiles = graph.all(INSTANCE_PROFILE).filter(({ inputs }) => inputs.role === self.id);
    const boundary = graph.boundary(self);
    return {
      create: [
        call("iam:CreateRole", { role: graph.wanted(self) }, boundary),
        call("iam:TagRole", { role: graph.wanted(self) }),
      ],
      read: [
        ...[iam("GetRole"), iam("ListRolePolicies")],
        ...[iam("GetRolePolicy"), iam("ListAttachedRolePolicies")],
      ],
      update: {
        assumeRolePolicy: [iam("UpdateAssumeRolePolicy")],
        description: [iam("UpdateRoleDescription", boundary)],
        // Taking it off again is not a deploy's to do (docs/ci.md).
        permissionsBoundary: [iam("PutRolePermissionsBoundary", boundary)],
        tags: [call("iam:TagRole", { role: graph.wanted(self) }), iam("UntagRole")],
      },
      delete: [
        iam("ListInstanceProfilesForRole"),
        ...profiles.map((profile) =>
          call("iam:RemoveRoleFromInstanceProfile", { "instance-profile": plain(graph.arn(profile)) }),
        ),
        iam("DeleteRole"),
      ],
    };
  },

  [ROLE_POLICY]: (self, graph) => {
    const owner = graph.find(ROLE, self.inputs.role);
    const role = plain(graph.arn(owner));
    const put = [call("iam:PutRolePolicy", { role }, graph.boundary(owner))];
    return {
      create: put,
      read: [call("iam:GetRolePolicy", { role })],
      update: { policy: put },
      delete: [call("iam:DeleteRolePolicy", { role }, graph.boundary(owner))],
    };
  },

  [INSTANCE_PROFILE]: (self, graph) => {
    const on = { "instance-profile": plain(graph.arn(self)) };
    const made = { "instance-profile": graph.wanted(self) };
    const role = graph.standing(graph.find(ROLE, self.inputs.role));
    const add = [call("iam:AddRoleToInstanceProfile", on), passRole(role, "ec2.amazonaws.com")];
    const remove = call("iam:RemoveRoleFromInstanceProfile", on);
    return {
      create: [call("iam:CreateInstanceProfile", made), call("iam:TagInstanceProfile", made), ...add],
      read: [call("iam:GetInstanceProfile", on), call("iam:GetRole", { role: plain(role.arn) })],
      update: {
        role: [remove, ...add],
        tags: [call("iam:TagInstanceProfile", made), call("iam:UntagInstanceProfile", on)],
      },
      delete: [remove, call("iam:DeleteInstanceProfile", on)],
    };
  },

  [SECRET]: (self, graph) => {
    const [made, secret] = [{ Secret: graph.wanted(self) }, { Secret: graph.standing(self) }];
    return {
      create: [call("secretsmanager:CreateSecret", made), call("secretsmanager:TagResource", made)],
      read: [call("secretsmanager:DescribeSecret", secret), call("secretsmanager:GetResourcePolicy", secret)],
      update: {
        description: [call("secretsmanager:UpdateSecret", secret)],
        // The provider's own, until it deletes.
        recoveryWindowInDays: [],
        tags: [call("secretsmanager:TagResource", made), call("secretsmanager:UntagResource", secret)],
      },
      delete: [call("secretsmanager:DeleteSecret", secret), call("secretsmanager:DescribeSecret", secret)],
    };
  },

  [SECRET_VERSION]: (self, graph) => {
    const secret = { Secret: graph.standing(graph.find(SECRET, self.inputs.secretId)) };
    const read = call("secretsmanager:GetSecretValue", secret);
    return {
      create: [call("secretsmanager:PutSecretValue", secret), read],
      read: [read],
      update: {},
      delete: [call("secretsmanager:UpdateSecretVersionStage", secret), read],
    };
  },

  [LOG_GROUP]: (self, graph) => {
    const [made, group] = [graph.wanted(self), plain(graph.arn(self))];
    const retention = [call("logs:PutRetentionPolicy", logGroup(group))];
    return {
      create: [
        call("logs:CreateLogGroup", logGroup(made)),
        call("logs:TagResource", { "log-group": made }),
        ...retention,
      ],
      read: [...looks("logs:DescribeLogGroups"), call("logs:ListTagsForResource", { "log-group": group })],
      update: {
        retentionInDays: retention,
        tags: [
          call("logs:TagResource", { "log-group": made }),
          call("logs:UntagResource", { "log-group": group }),
        ],
      },
      delete: [call("logs:DeleteLogGroup", logGroup(group))],
    };
  },

  [ALARM]: (self, graph) => {
    const [made, alarm] = [{ alarm: graph.wanted(self) }, { alarm: plain(graph.arn(self)) }];
    const put = [call("cloudwatch:PutMetricAlarm", made)];
    const changes = [
      ...["alarmDescription", "comparisonOperator", "dimensions", "evaluationPeriods", "metricName"],
      ...["namespace", "period", "statistic", "threshold", "treatMissingData"],
    ];
    return {
      create: [...put, call("cloudwatch:TagResource", made)],
      read: [
        // Of one name too, it is held against all of them (seen in public: mattclay/aws-terminator, pull request 63).
        call("cloudwatch:DescribeAlarms", { alarm: [...[alarm.alarm], plain(arn("cloudwatch", "alarm:*"))] }),
        call("cloudwatch:ListTagsForResource", alarm),
      ],
      update: {
        ...Object.fromEntries(changes.map((input) => [input, put])),
        tags: [call("cloudwatch:TagResource", made), call("cloudwatch:UntagResource", alarm)],
      },
      delete: [call("cloudwatch:DeleteAlarms", alarm)],
    };
  },

  [HEALTH_CHECK]: (self, graph) => {
    const healthcheck = plain(graph.arn(self));
    const route53 = (action: string) => call(`route53:${action}`, { healthcheck });
    const modify = [route53("UpdateHealthCheck")];
    const changes = [
      ...["childHealthThreshold", "childHealthchecks", "cloudwatchAlarmName", "cloudwatchAlarmRegion"],
      ...["insufficientDataHealthStatus", "triggers"],
    ];
    return {
      // What is made has no ARN before: AWS takes no resource.
      create: [call("route53:CreateHealthCheck"), route53("ChangeTagsForResource")],
      read: [route53("GetHealthCheck"), route53("ListTagsForResource")],
      update: {
        ...Object.fromEntries(changes.map((input) => [input, modify])),
        tags: [route53("ChangeTagsForResource")],
      },
      delete: [route53("DeleteHealthCheck")],
    };
  },

  [RECORD]: ({ inputs }) => {
    const hostedzone = plain(`arn:aws:route53:::hostedzone/${inputs.zoneId}`);
    const change = (verb: string) => [
      call("route53:GetHostedZone", { hostedzone }),
      call(
        "route53:ChangeResourceRecordSets",
        { hostedzone },
        {
          "route53:ChangeResourceRecordSetsActions": [verb],
          "route53:ChangeResourceRecordSetsNormalizedRecordNames": [inputs.name],
          "route53:ChangeResourceRecordSetsRecordTypes": [inputs.type],
        },
      ),
      call("route53:GetChange", { change: plain("arn:aws:route53:::change/C2682N5HXP0BZ4") }),
    ];
    const changes = [
      "healthCheckId",
      "multivalueAnswerRoutingPolicy",
      "records",
      "setIdentifier",
      "ttl",
      "type",
    ];
    return {
      create: change("CREATE"),
      read: [
        call("route53:GetHostedZone", { hostedzone }),
        call("route53:ListResourceRecordSets", { hostedzone }),
      ],
      update: Object.fromEntries(changes.map((input) => [input, change("UPSERT")])),
      delete: change("DELETE"),
    };
  },
};
