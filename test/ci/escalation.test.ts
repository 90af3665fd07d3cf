/** What the role to deploy cannot do, whoever has its job: become an administrator, or reach what is not the fleet's. */
import { beforeAll, describe, expect, test } from "vitest";
import { arn, type Call, call, iamArn, passRole, plain, standing, type Target, wanted } from "./iam/call.ts";
import { document } from "./iam/document.ts";
import { BOUNDARY, fleets } from "./iam/fleets.ts";
import type { Operation } from "./iam/operations.ts";
import { refusals } from "./iam/refusals.ts";

const may = (each: Call) => refusals({ identity: document("deploy-policy") }, each).length === 0;

const ROLE = plain(iamArn("role/pptp-fleet-1a2b3c4"));
const OTHER = plain(iamArn("role/github-deploy"));
const WITHIN = { "iam:PermissionsBoundary": BOUNDARY };
const ELSEWHERE = { "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" };
const role = (action: string, context = {}, of: Target = ROLE) =>
  call(`iam:${action}`, { role: of }, context);

const OWN = { project: "pptp-fleet", stack: "prod" };
const instance = (tags: Record<string, string>, id = "i-0123456789abcdef0") => ({
  instance: standing(arn("ec2", `instance/${id}`), tags),
});
const group = (tags: Record<string, string>) => ({
  "security-group": standing(arn("ec2", "security-group/sg-0123456789abcdef0"), tags),
});

describe("a role for more than the fleet's", () => {
  test.each<[string, Call]>([
    ["made without a bound", role("CreateRole")],
    ["made within another bound", role("CreateRole", ELSEWHERE)],
    ["given rights where it has no bound", role("PutRolePolicy")],
    ["given rights where it has another", role("PutRolePolicy", ELSEWHERE)],
    ["given one of AWS's policies", role("AttachRolePolicy", WITHIN)],
    ["bound by another policy", role("PutRolePermissionsBoundary", ELSEWHERE)],
    ["freed of its bound", role("DeleteRolePermissionsBoundary", WITHIN)],
    ["the job's own, given rights", role("PutRolePolicy", WITHIN, OTHER)],
    ["the job's own, given to somebody", role("UpdateAssumeRolePolicy", {}, OTHER)],
    ["another's, handed to a machine", passRole(OTHER, "ec2.amazonaws.com")],
    ["the fleet's, handed to a function", passRole(ROLE, "lambda.amazonaws.com")],
    [
      "the bound itself, changed",
      call("iam:CreatePolicyVersion", { policy: plain(iamArn("policy/pptp-fleet-boundary")) }),
    ],
    ["a user, made", call("iam:CreateUser", { user: plain(iamArn("user/pptp-fleet-1")) })],
    [
      "another service's own role",
      role("CreateServiceLinkedRole", {}, plain(iamArn("role/aws-service-role/x/y"))),
    ],
  ])("%s, is refused", (_, each) => {
    expect(may(each)).toBe(false);
  });

  test("is what it can make within the bound, and it gets no further with that", () => {
    expect([role("CreateRole", WITHIN), role("PutRolePolicy", WITHIN)].map(may)).toEqual([true, true]);
    const administrator = document("deploy-policy").map((statement) => ({
      Effect: statement.Effect,
      Action: "*",
      Resource: "*",
    }));
    const policies = { identity: administrator, boundary: document("boundary-policy") };
    const allowed = [
      ...[role("CreateRole", WITHIN), role("PutRolePolicy", {}, OTHER), passRole(OTHER, "ec2.amazonaws.com")],
      call("sts:AssumeRole", { role: OTHER }),
      call("ec2:RunInstances", instance(OWN)),
      call("s3:GetObject", { object: plain("arn:aws:s3:::example-pulumi-state/.pulumi/stacks/x.json") }),
      call("secretsmanager:GetSecretValue", { Secret: plain(arn("secretsmanager", "secret:bank-AbCdEf")) }),
      call("secretsmanager:PutSecretValue", {
        Secret: plain(arn("secretsmanager", "secret:pptp-fleet/p-AbCdEf")),
      }),
      call("kms:Decrypt", { key: plain(arn("kms", "key/00000000-0000-0000-0000-000000000000")) }),
    ].filter((each) => refusals(policies, each).length === 0);
    expect(allowed).toEqual([]);
  });
});

describe("a machine that is not the fleet's", () => {
  const MACHINES = ["ModifyInstanceAttribute", "StopInstances", "StartInstances", "TerminateInstances"];
  const MORE = [
    "ReplaceIamInstanceProfileAssociation",
    "AssociateIamInstanceProfile",
    "CreateTags",
    "DeleteTags",
  ];

  test.each([...MACHINES, ...MORE])("is out of reach of %s", (action) => {
    expect([OWN, { project: "other" }, {}].map((tags) => may(call(`ec2:${action}`, instance(tags))))).toEqual(
      [true, false, false],
    );
  });

  test("cannot be named the fleet's: tags come with the making, or to what has them", () => {
    const named = { instance: wanted(arn("ec2", "instance/i-0fedcba9876543210"), OWN) };
    expect(may(call("ec2:CreateTags", named))).toBe(false);
    expect(may(call("ec2:CreateTags", named, { "ec2:CreateAction": "RunInstances" }))).toBe(true);
  });
});

test.each<[string, Call]>([
  [
    "another region's machine",
    call("ec2:TerminateInstances", {
      instance: standing("arn:aws:ec2:us-east-1:111122223333:instance/i-1", OWN),
    }),
  ],
  [
    "another account's image, run as a machine of another region",
    call("ec2:RunInstances", { image: plain("arn:aws:ec2:us-east-1::image/ami-1") }),
  ],
  [
    "a snapshot, as a new machine's disk",
    call("ec2:RunInstances", { snapshot: plain(arn("ec2", "snapshot/snap-1", { account: "" })) }),
  ],
  [
    "another's balancer",
    call("elasticloadbalancing:DeleteLoadBalancer", {
      "loadbalancer/net/": plain(arn("elasticloadbalancing", "loadbalancer/net/shop/50dc6c495c0c9188")),
    }),
  ],
  ["another's VPC", call("ec2:DeleteVpc", { vpc: standing(arn("ec2", "vpc/vpc-1"), { project: "other" }) })],
  [
    "another's secret",
    call("secretsmanager:GetSecretValue", { Secret: plain(arn("secretsmanager", "secret:bank-AbCdEf")) }),
  ],
  [
    "another's logs",
    call("logs:DeleteLogGroup", { "log-group": plain(arn("logs", "log-group:/aws/lambda/shop")) }),
  ],
  [
    "another name of the zone",
    call(
      "route53:ChangeResourceRecordSets",
      { hostedzone: plain("arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ") },
      {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["www.example.com"],
        "route53:ChangeResourceRecordSetsRecordTypes": ["A"],
      },
    ),
  ],
  [
    "another kind of record of the name",
    call(
      "route53:ChangeResourceRecordSets",
      { hostedzone: plain("arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ") },
      {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["pptp.example.com"],
        "route53:ChangeResourceRecordSetsRecordTypes": ["A", "TXT"],
      },
    ),
  ],
  [
    "the account's other state",
    call("s3:GetObject", { object: plain("arn:aws:s3:::example-pulumi-state/other") }),
  ],
  [
    "looking at another region",
    { ...call("ec2:DescribeInstances"), context: { "aws:RequestedRegion": "us-east-1" } },
  ],
])("%s is out of its reach", (_, each) => {
  expect(may(each)).toBe(false);
});

test("an Elastic IP that is not the fleet's can be put on a machine, and never be released or renamed", () => {
  const id = { "elastic-ip": plain(arn("ec2", "elastic-ip/eipalloc-0123456789abcdef0")) };
  const nic = { "network-interface": plain(arn("ec2", "network-interface/eni-1")) };
  const associate = ["AssociateAddress", "DisassociateAddress"];
  expect(associate.map((action) => may(call(`ec2:${action}`, { ...id, ...nic })))).toEqual([true, true]);
  const others = ["ReleaseAddress", "CreateTags", "DeleteTags"];
  expect(others.map((action) => may(call(`ec2:${action}`, id)))).toEqual([false, false, false]);
});

// docs/ci.md says so under "What the role to deploy can still do".
test.each<[string, Call]>([
  [
    "rules of every group of the region",
    call("ec2:AuthorizeSecurityGroupIngress", group({ project: "other" })),
  ],
  [
    "routes of every table",
    call("ec2:ReplaceRoute", {
      "route-table": standing(arn("ec2", "route-table/rtb-1"), { project: "other" }),
    }),
  ],
  [
    "tags of every disk",
    call("ec2:CreateTags", { volume: standing(arn("ec2", "volume/vol-1"), { project: "other" }) }),
  ],
  ["who takes a role of the fleet's name", role("UpdateAssumeRolePolicy")],
])("%s are in its reach", (_, each) => {
  expect(may(each)).toBe(true);
});

describe("a stack without the key permissionsBoundary", () => {
  let unbound: Operation[];
  beforeAll(async () => {
    ({ operations: unbound } = await fleets(""));
  });

  test("gets no role, and no rights for the roles that it has", () => {
    const denied = unbound
      .flatMap(({ what, calls }) => calls.map((each) => ({ what, each })))
      .filter(({ each }) => !may(each))
      .map(({ what, each }) => `${what.replace(/ \S+:/, ":")} by ${each.action}`);
    expect([...new Set(denied)].sort()).toEqual([
      "Role: create by iam:CreateRole",
      "Role: update permissionsBoundary by iam:PutRolePermissionsBoundary",
      "RolePolicy: create by iam:PutRolePolicy",
      "RolePolicy: update policy by iam:PutRolePolicy",
    ]);
  });
});
