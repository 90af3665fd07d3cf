import { USER_POLICY } from "../../../graph/types.ts";
import type { Case } from "../changed-resources.ts";

const statement = (changes: object) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "secretsmanager:GetSecretValue",
        Resource: "arn:aws:x:y:0:secret:z",
        ...changes,
      },
    ],
  });

const privilege = (what: string, changes: object): Case => ({
  policy: "least-privilege",
  what,
  breaks: (resources) =>
    resources.change("RolePolicy", "pptp-fleet-a-1", (inputs) => {
      inputs.policy = statement(changes);
    }),
  at: ["pptp-fleet-a-1"],
});

const role = (what: string, change: (inputs: Record<string, any>) => void): Case => ({
  policy: "least-privilege",
  what,
  breaks: (resources) => resources.change("Role", "pptp-fleet-a-1", change),
  at: ["pptp-fleet-a-1"],
});

const EXISTING = [
  "frontDoor=eip",
  "vpcId=vpc-0123456789abcdef0",
  'subnetIds=["subnet-0123456789abcdef0","subnet-0123456789abcdef1"]',
];

export const recordCases: Case[] = [
  privilege("every action", { Action: "*" }),
  privilege("every action of a service", { Action: ["secretsmanager:*"] }),
  privilege("every resource", { Resource: "*" }),
  privilege("every resource, said as an ARN", {
    Resource: ["arn:aws:secretsmanager:eu-west-1:111122223333:*"],
  }),
  privilege("every secret", {
    Resource: ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:*"],
  }),
  privilege("every role", { Action: "iam:PassRole", Resource: "arn:aws:iam::111122223333:role/*" }),
  privilege("every bucket", { Action: "s3:GetObject", Resource: "arn:aws:s3:::*" }),
  privilege("any service's resource", { Resource: "arn:aws:*:eu-west-1:111122223333:secret:accounts" }),
  privilege("actions by a pattern", { Action: "secretsmanager:Get?ecretValue" }),
  privilege("all resources but some", { Resource: undefined, NotResource: "arn:aws:x:y:1:secret:z" }),
  privilege("all actions but some", { Action: undefined, NotAction: "iam:*" }),
  privilege("an action that takes a resource, beside one that takes none", {
    Action: ["cloudwatch:PutMetricData", "secretsmanager:GetSecretValue"],
    Resource: "*",
  }),
  role("a role for anybody", (inputs) => {
    inputs.assumeRolePolicy = statement({ Action: "sts:AssumeRole", Principal: { AWS: "*" } });
  }),
  role("a role for all but somebody", (inputs) => {
    const but = { Action: "sts:AssumeRole", NotPrincipal: { AWS: "arn:aws:iam::111122223333:root" } };
    inputs.assumeRolePolicy = statement(but);
  }),
  {
    policy: "least-privilege",
    what: "a user's policy for everything",
    breaks: (resources) =>
      resources.add(USER_POLICY, "operator", {
        user: "operator",
        policy: statement({ Action: "*", Resource: "*" }),
      }),
    at: ["operator"],
  },
  {
    policy: "least-privilege",
    what: "a policy of another stack's, attached",
    breaks: (resources) =>
      resources.add("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "other", {
        role: "pptp-fleet-a-1",
        policyArn: "arn:aws:iam::111122223333:policy/other",
      }),
    at: ["other"],
  },
  role("a role with a policy inside it", (inputs) => {
    inputs.inlinePolicies = [{ name: "all", policy: statement({ Resource: "*" }) }];
  }),
  role("a role with one of AWS's managed policies", (inputs) => {
    inputs.managedPolicyArns = ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"];
  }),
  {
    policy: "least-privilege",
    what: "one of AWS's managed policies, attached",
    breaks: (resources) =>
      resources.add("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "admin", {
        role: "pptp-fleet-a-1",
        policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
      }),
    at: ["admin"],
  },

  {
    policy: "flow-logs",
    what: "a VPC without a flow log",
    breaks: (resources) => resources.remove("FlowLog", "pptp-fleet-flow-logs-vpc"),
    at: ["pptp-fleet"],
  },
  {
    policy: "flow-logs",
    what: "a flow log of another VPC",
    breaks: (resources) => {
      for (const log of resources.find("FlowLog", "pptp-fleet-flow-logs-vpc")) {
        for (const props of [log.inputs, log.state]) props.vpcId = "vpc-0fedcba9876543210";
        log.propertyDependencies.vpcId = [];
      }
    },
    at: ["pptp-fleet"],
  },
  {
    policy: "flow-logs",
    what: "a flow log of what is accepted only",
    breaks: (resources) =>
      resources.change("FlowLog", "pptp-fleet-flow-logs-vpc", (inputs) => {
        inputs.trafficType = "ACCEPT";
      }),
    at: ["pptp-fleet"],
  },
  {
    policy: "flow-logs",
    what: "a flow log that goes nowhere",
    breaks: (resources) =>
      resources.change("FlowLog", "pptp-fleet-flow-logs-vpc", (inputs) => {
        delete inputs.logDestination;
      }),
    at: ["pptp-fleet"],
  },
  {
    policy: "flow-logs",
    what: "servers in another's subnet without a flow log",
    config: EXISTING,
    breaks: (resources) => resources.remove("FlowLog", "pptp-fleet-flow-logs-a"),
    at: ["pptp-fleet-a-1"],
  },

  {
    policy: "log-retention",
    what: "logs for ever",
    breaks: (resources) =>
      resources.change("LogGroup", "pptp-fleet-flow-logs", (inputs) => {
        delete inputs.retentionInDays;
      }),
    at: ["pptp-fleet-flow-logs"],
  },
  {
    policy: "log-retention",
    what: "logs for a week",
    config: ["flowLogRetentionDays=7"],
    breaks: () => undefined,
    at: ["pptp-fleet-flow-logs"],
  },

  {
    policy: "required-tags",
    what: "a machine that does not say whose it is",
    breaks: (resources) =>
      resources.change("Instance", "pptp-fleet-a-1", (inputs) => {
        delete inputs.tags.stack;
      }),
    at: ["pptp-fleet-a-1"],
  },
  {
    policy: "required-tags",
    what: "a group without tags",
    breaks: (resources) =>
      resources.change("SecurityGroup", "pptp-fleet", (inputs) => {
        delete inputs.tags;
      }),
    at: ["pptp-fleet"],
  },
];
