/** The example stacks pass, with no waiver: what the pack asks for, the program does. */

import { beforeAll, describe, expect, test } from "vitest";
import { IAM_POLICY, ROLE_POLICY } from "../../graph/types.ts";
import { recordedMachines } from "../../offline/machines.ts";
import { type ProgramRun, runProgram } from "../../offline/program.ts";
import { stackInput } from "../../offline/stack.ts";
import { rules } from "../../policy/policies.ts";
import { CARVED, NAMED, overrides, PUBLIC, ROUTED } from "../shared/existing-vpc.ts";
import { analyze, stops } from "./analysis.ts";
import { Resources } from "./changed-resources.ts";
import { coarser, previewed } from "./preview.ts";

const ACCOUNTS = 'users=[{"name":"plc-seven","password":"correct horse battery"}]';
const ADOPTED = 'elasticIps={"a":"eipalloc-0123456789abcdef0"}';

const stacks: [what: string, stack: string, config: string[]][] = [
  ["dev", "dev", []],
  ["dev with frontDoor eip", "dev", ["frontDoor=eip"]],
  ["prod", "prod", []],
  ["prod with frontDoor eip", "prod", ["frontDoor=eip"]],
  [
    "prod with accounts and a name",
    "prod",
    [ACCOUNTS, "dialName=pptp.example.com", "hostedZoneId=Z0123456789ABCDEFGHIJ"],
  ],
  ["prod with a number that exists already", "prod", [ADOPTED]],
  ["prod with frontDoor eip and such a number", "prod", ["frontDoor=eip", ADOPTED]],
  ["prod with frontDoor eip in a VPC that exists", "prod", overrides(PUBLIC)],
  ["prod in free CIDRs of a VPC that exists", "prod", overrides({ ...CARVED, ...ROUTED })],
  ["prod in subnets that exist", "prod", overrides({ ...NAMED, ...ROUTED })],
  ["prod whose clients keep their addresses", "prod", ["egress.mode=routed"]],
  [
    "prod with a longer memory",
    "prod",
    ["keepalive.nlbTcpIdle=900", "keepalive.lcpEchoInterval=15", "keepalive.lcpEchoFailure=5"],
  ],
  [
    "dev with MPPE of 40 bits, by the key that admits it",
    "dev",
    ["ppp.mppe=40", "ppp.trafficMayBeRead=true"],
  ],
  ["dev without deletion protection", "dev", ["terminationProtection=false"]],
];

/** What AWS's IDs are part of, a first preview does not know: Pulumi says that it could not look. */
function notYet({ resources }: ProgramRun): [policy: string, resource: string][] {
  const policies = resources.filter(({ type }) => type === ROLE_POLICY).map(({ name }) => name);
  return [
    ["bucket-closed", "pptp-fleet"],
    // What roles may do; of the flow logs' also who takes it.
    ...[...policies, "pptp-fleet-flow-logs"].map((name): [string, string] => ["least-privilege", name]),
  ];
}

describe.each(stacks)("%s", (_, stack, config) => {
  let fleet: ProgramRun;
  beforeAll(async () => {
    fleet = await runProgram(stackInput(stack, config));
  });

  test("passes", async () => {
    expect(await analyze(fleet.resources)).toEqual([]);
  });

  test("passes in a first preview, which tells what it cannot know", async () => {
    const found = await analyze(previewed(fleet.resources));
    expect(found.map(({ policy, resource }) => [policy, resource]).sort()).toEqual(notYet(fleet).sort());
    for (const { stops, message } of found) {
      expect(stops).toBe(false);
      expect(message).toMatch(/can't be known during preview$/);
    }
  });
});

test("prod passes where a provider calls whole lists unknown", async () => {
  const fleet = await runProgram(stackInput("prod", []));
  const found = await analyze(coarser(previewed(fleet.resources)));
  expect(found.map(({ policy, resource }) => [policy, resource]).sort()).toEqual(notYet(fleet).sort());
});

test("a zone more passes in its preview, where the old zones are known and the new one is not", async () => {
  const run = (zones: string[]) =>
    runProgram(stackInput("prod", [`zones=${JSON.stringify(zones)}`, "servers=3"]));
  const [before, after] = [
    await run(["eu-west-1a", "eu-west-1b"]),
    await run(["eu-west-1a", "eu-west-1b", "eu-west-1c"]),
  ];
  const made = new Set(before.resources.map(({ urn }) => urn));
  expect(await analyze(previewed(after.resources, ({ urn }) => !made.has(urn)))).toEqual([]);
});

test("a policy on what AWS lets nobody name a resource for passes", async () => {
  const resources = new Resources((await runProgram(stackInput("dev", []))).resources);
  resources.change("RolePolicy", "pptp-fleet-a-1", (inputs) => {
    const statement = { Effect: "Allow", Action: ["cloudwatch:PutMetricData"], Resource: "*" };
    inputs.policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  });
  expect(await analyze(resources.list)).toEqual([]);
});

describe("passes, as there is no reason to stop it:", () => {
  const IN = "pptp-fleet-in-gre-198.51.100.0/24";
  const OUT = "pptp-fleet-out-gre-198.51.100.0/24";
  const passing: [what: string, change: (resources: Resources) => void][] = [
    [
      "protocol 47 for more than TCP 1723",
      (resources) => {
        for (const [type, name] of [
          ["SecurityGroupIngressRule", IN],
          ["SecurityGroupEgressRule", OUT],
        ])
          resources.change(type!, name!, (rule) => {
            rule.cidrIpv4 = "198.51.0.0/16";
          });
      },
    ],
    [
      "TCP 1723 inside a group, with protocol 47 both ways",
      (resources) =>
        resources.change("SecurityGroup", "pptp-fleet", (group) => {
          const rule = { description: "A rule inside a group", cidrBlocks: ["10.9.0.0/16"] };
          group.ingress = [
            { ...rule, protocol: "tcp", fromPort: 1723, toPort: 1723 },
            { ...rule, protocol: "47" },
          ];
          group.egress = [{ ...rule, protocol: "47" }];
        }),
    ],
    [
      "clients' traffic to the world, which lets nobody in",
      (resources) => {
        expect(resources.find("SecurityGroupEgressRule", /-out-clients-tcp-0\.0\.0\.0\/0$/).length).toBe(2);
      },
    ],
    [
      "a server of another program's, which has no bundle",
      (resources) => {
        const path = "/etc/ppp/pptpd-options";
        const { files } = recordedMachines({ resources: resources.list }).find(({ name }) => name === "a-1")!;
        resources.rewrite("pptp-fleet-a-1", (config) => {
          config.write_files = files.filter((file) => file.path === path);
        });
      },
    ],
    [
      "a policy of the stack's own, attached",
      (resources) => {
        const tags = { Name: "own", project: "pptp-fleet", stack: "prod" };
        const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::drivers/*" };
        const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
        resources.add(IAM_POLICY, "own", { policy, tags });
        const [own] = resources.find("Policy", "own");
        own!.state.arn = "arn:aws:iam::111122223333:policy/own";
        resources.add(
          "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
          "own",
          { role: "pptp-fleet-a-1", policyArn: own!.state.arn },
          { policyArn: own! },
        );
      },
    ],
  ];

  test.each(passing)("%s", async (_, change) => {
    const resources = new Resources((await runProgram(stackInput("prod", []))).resources);
    change(resources);
    expect(await stops(resources.list)).toEqual([]);
    expect(await stops(previewed(resources.list))).toEqual([]);
  });
});

test("each policy has its severity, reason, fix and link", () => {
  for (const { demands, severity, reason, fix, link } of rules) {
    expect(["low", "medium", "high", "critical"]).toContain(severity);
    for (const sentence of [demands, reason]) expect(sentence).toMatch(/^\S.*\.$/);
    expect(fix).toMatch(/\w{3}/);
    expect(link).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|www\.rfc-editor\.org)\//);
  }
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
});
