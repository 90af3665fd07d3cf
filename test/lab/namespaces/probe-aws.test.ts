/**
 * npm run probe -- … --aws: an account is read, and what is taken away from it is named. The account is moto's, made
 * with AWS's own SDK; each change is taken back.
 *
 * Does not prove: that AWS refuses and pages as moto does, what a user's rights let it read.
 */

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ec2 from "@aws-sdk/client-ec2";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import * as s3 from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { motoPython } from "../../../lab/aws/moto.ts";
import { type Daemon, startDaemon } from "../../../lab/host/run.ts";
import { waitUntil } from "../../../lab/host/wait.ts";
import { desiredKey, statusKey } from "../../../plan/bucket.ts";
import { judge, notes } from "../../../probe/aws/faults.ts";
import { fetchInventory } from "../../../probe/aws/fetch.ts";
import { cli } from "../../../probe/cli/cli.ts";
import { thisMachine } from "../../../probe/machines/this-machine.ts";
import { type FakeServer, fakeServer } from "../../probe/fake-server.ts";
import {
  type AwsAccount,
  fleetInMoto,
  report,
  reports,
  rulesOf,
  setTargetAttributes,
} from "./probe-account.ts";

const PORT = 15_723;
const ENDPOINT = `http://127.0.0.1:${PORT}`;

let moto: Daemon;
let aws: AwsAccount;
/** AWS's default credential chain reads these. */
const CREDENTIALS = { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" };

beforeAll(async () => {
  Object.assign(process.env, CREDENTIALS);
  const log = join(mkdtempSync(join(tmpdir(), "probe-aws-")), "moto.log");
  moto = startDaemon(await motoPython(), ["-m", "moto.server", "-H", "127.0.0.1", "-p", `${PORT}`], log);
  const answers = () => fetch(`${ENDPOINT}/moto-api/`).then((response) => response.ok);
  await waitUntil("moto", answers, { timeoutMs: 60_000, evidence: () => moto.tail() });
  aws = await fleetInMoto(ENDPOINT);
});

afterAll(async () => {
  for (const key of Object.keys(CREDENTIALS)) delete process.env[key];
  await moto?.stop();
});

const read = () =>
  fetchInventory({ project: "pptp-fleet", dialled: aws.dialled, region: "eu-west-1", endpoint: ENDPOINT });

/** IDs of the faults. */
async function faults(): Promise<string[]> {
  const known = { from: "203.0.113.9", dialled: aws.dialled };
  return judge(await read(), known).map(({ id }) => id);
}

test("the stack is found by the tags of the address that was dialled", async () => {
  expect((await read()).stack).toBe("prod");
});

test("an address without our tags is its machine's: the stack is that one's, and nothing is at fault", async () => {
  const Filters = [{ Name: "public-ip", Values: [aws.dialled] }];
  const { Addresses } = await aws.ec2.send(new ec2.DescribeAddressesCommand({ Filters }));
  const { AllocationId, Tags } = Addresses![0]!;
  await aws.ec2.send(new ec2.DeleteTagsCommand({ Resources: [AllocationId!], Tags }));
  const found = [(await read()).stack, await faults()];
  await aws.ec2.send(new ec2.CreateTagsCommand({ Resources: [AllocationId!], Tags }));
  expect(Tags).not.toEqual([]);
  expect(found).toEqual(["prod", []]);
});

test("an address of nobody's stack asks for one", async () => {
  const nobody = { project: "pptp-fleet", dialled: "198.51.100.99", region: "eu-west-1", endpoint: ENDPOINT };
  await expect(fetchInventory(nobody)).rejects.toThrow(/say --stack/);
});

test("machines are read with what they are, where they are, and what is on them", async () => {
  const { machines, addresses } = await read();
  expect(machines.map(({ name, role, zone, state }) => ({ name, role, zone, state }))).toEqual([
    { name: "a-1", role: "server", zone: "eu-west-1a", state: "running" },
    { name: "gateway-a", role: "gateway", zone: "eu-west-1a", state: "running" },
  ]);
  expect(machines.map(({ sourceDestCheck }) => sourceDestCheck)).toEqual([true, false]);
  expect(addresses).toEqual([{ address: aws.dialled, interfaceId: aws.ids["gateway.interface"] }]);
});

test("an account as the fleet needs it has no fault", async () => {
  expect(await faults()).toEqual([]);
});

describe("taken away from it, and put back", () => {
  const group = (role: string, IpPermissions: ec2.IpPermission[]) => ({
    GroupId: aws.ids[`${role}.group`],
    IpPermissions,
  });
  const ingress = (role: string, rule: ec2.IpPermission): Change => [
    () => aws.ec2.send(new ec2.RevokeSecurityGroupIngressCommand(group(role, [rule]))),
    () => aws.ec2.send(new ec2.AuthorizeSecurityGroupIngressCommand(group(role, [rule]))),
  ];
  const egress = (role: string, rule: ec2.IpPermission): Change => [
    () => aws.ec2.send(new ec2.RevokeSecurityGroupEgressCommand(group(role, [rule]))),
    () => aws.ec2.send(new ec2.AuthorizeSecurityGroupEgressCommand(group(role, [rule]))),
  ];
  const route = (role: string): Change => {
    const everywhere = () => ({ RouteTableId: aws.ids[`${role}.table`], DestinationCidrBlock: "0.0.0.0/0" });
    const back = () => ({ ...everywhere(), NetworkInterfaceId: aws.ids["gateway.interface"] });
    return [
      () => aws.ec2.send(new ec2.DeleteRouteCommand(everywhere())),
      () => aws.ec2.send(new ec2.CreateRouteCommand(back())),
    ];
  };
  const attribute = (key: string, wrong: string, right: string): Change => [
    () => setTargetAttributes(aws.elb, aws.ids.targets!, { [key]: wrong }),
    () => setTargetAttributes(aws.elb, aws.ids.targets!, { [key]: right }),
  ];
  const check = (Value: boolean) => () =>
    aws.ec2.send(
      new ec2.ModifyNetworkInterfaceAttributeCommand({
        NetworkInterfaceId: aws.ids["gateway.interface"],
        SourceDestCheck: { Value },
      }),
    );
  const crossZone = (Value: string) => () =>
    aws.elb.send(
      new elb.ModifyLoadBalancerAttributesCommand({
        LoadBalancerArn: aws.ids.balancer,
        Attributes: [{ Key: "load_balancing.cross_zone.enabled", Value }],
      }),
    );
  const healthPort = (HealthCheckPort: string) => () =>
    aws.elb.send(new elb.ModifyTargetGroupCommand({ TargetGroupArn: aws.ids.targets, HealthCheckPort }));
  const targets = () => ({ TargetGroupArn: aws.ids.targets, Targets: [{ Id: "10.42.0.4", Port: 1723 }] });

  type Change = [away: () => Promise<unknown>, back: () => Promise<unknown>];
  const { gre, control, CLIENTS } = rulesOf;

  test.each<[string, () => Change, string[]]>([
    ["47 in, servers", () => ingress("servers", gre(CLIENTS)), ["rule-servers-in-47"]],
    ["47 out, servers", () => egress("servers", gre(CLIENTS)), ["rule-servers-out-47"]],
    ["47 in, gateway", () => ingress("gateway", gre(CLIENTS)), ["rule-gateways-in-47"]],
    ["47 out, gateway", () => egress("gateway", gre(CLIENTS)), ["rule-gateways-out-47"]],
    ["1723, servers", () => ingress("servers", control(CLIENTS)), ["rule-servers-in-tcp-1723"]],
    ["1723, balancer", () => ingress("balancer", control(CLIENTS)), ["rule-balancer-in-tcp-1723"]],
    ["source/dest check off", () => [check(true), check(false)], ["source-dest-check"]],
    ["servers' default route", () => route("servers"), ["no-default-route"]],
    ["balancer's default route", () => route("balancer"), ["no-default-route"]],
    [
      "cross-zone off, target group",
      () => attribute("load_balancing.cross_zone.enabled", "true", "false"),
      ["target-cross-zone"],
    ],
    ["cross-zone off, balancer", () => [crossZone("true"), crossZone("false")], ["cross-zone"]],
    ["stickiness", () => attribute("stickiness.enabled", "false", "true"), ["stickiness"]],
    [
      "the client's address",
      () => attribute("preserve_client_ip.enabled", "false", "true"),
      ["client-address"],
    ],
    [
      "connections of an unhealthy target",
      () => attribute("target_health_state.unhealthy.connection_termination.enabled", "true", "false"),
      ["unhealthy-termination"],
    ],
    ["the health port", () => [healthPort("1723"), healthPort("8723")], ["health-check"]],
    [
      "the target",
      () => [
        () => aws.elb.send(new elb.DeregisterTargetsCommand(targets())),
        () => aws.elb.send(new elb.RegisterTargetsCommand(targets())),
      ],
      ["not-registered"],
    ],
    [
      "a report of all well",
      () => [
        () =>
          report(aws.s3, aws.bucket, "a-1", { result: "refused", why: "/etc/nftables.conf: syntax error" }),
        () => report(aws.s3, aws.bucket, "a-1", {}),
      ],
      ["refused"],
    ],
    [
      "any report",
      () => [
        () => aws.s3.send(new s3.DeleteObjectCommand({ Bucket: aws.bucket, Key: statusKey("gateway-a") })),
        () => report(aws.s3, aws.bucket, "gateway-a", {}),
      ],
      ["unreported"],
    ],
    [
      "the Elastic IP",
      () => [
        () => aws.ec2.send(new ec2.DisassociateAddressCommand({ AssociationId: aws.ids.association })),
        async () => {
          const where = { PublicIp: aws.dialled, NetworkInterfaceId: aws.ids["gateway.interface"] };
          const { AssociationId } = await aws.ec2.send(new ec2.AssociateAddressCommand(where));
          aws.ids.association = AssociationId!;
        },
      ],
      ["address-off", "address-unused"],
    ],
  ])("%s", async (_what, change, expected) => {
    const [away, back] = change();
    await away();
    const found = await faults();
    await back();
    expect([found, await faults()]).toEqual([expected, []]);
  });

  test("the server, stopped", async () => {
    const machine = { InstanceIds: [aws.ids["servers.instance"]!] };
    await aws.ec2.send(new ec2.StopInstancesCommand(machine));
    const found = await faults();
    await aws.ec2.send(new ec2.StartInstancesCommand(machine));
    expect(found).toContain("not-running");
  });
});

test("what a machine waits for is a note", async () => {
  const waits = ["packages ppp: for 1 session to leave"];
  await report(aws.s3, aws.bucket, "a-1", { result: "waits", waits });
  const inventory = await read();
  await report(aws.s3, aws.bucket, "a-1", {});
  expect(judge(inventory)).toEqual([]);
  expect(notes(inventory).map(({ says }) => says)).toEqual(waits);
});

test("no bucket of the stack", async () => {
  const names = ["gateway-a", "a-1"];
  const Objects = names.flatMap((name) => [{ Key: desiredKey(name) }, { Key: statusKey(name) }]);
  await aws.s3.send(new s3.DeleteObjectsCommand({ Bucket: aws.bucket, Delete: { Objects } }));
  await aws.s3.send(new s3.DeleteBucketCommand({ Bucket: aws.bucket }));
  const found = await faults();
  await reports(aws);
  expect([found, await faults()]).toEqual([["no-bucket"], []]);
});

describe("the command", () => {
  let server: FakeServer;
  let file: string;
  beforeAll(async () => {
    server = await fakeServer({ call: { result: 4, error: 0 } });
    file = join(mkdtempSync(join(tmpdir(), "probe-aws-")), "account.json");
    writeFileSync(file, '{"name": "x", "password": "y"}');
  });
  afterAll(() => server?.stop());

  const command = async (endpoint: string) => {
    const lines: string[] = [];
    const where = ["--aws", "--stack", "prod", "--region", "eu-west-1", "--endpoint", endpoint];
    const code = await cli([server.address, "--account", file, ...where], {
      ...{ machine: thisMachine(), out: (line) => lines.push(line), error: (line) => lines.push(line) },
    });
    return { code, text: lines.join("\n") };
  };

  test("says which resource is at fault, beside the leg that failed", async () => {
    await setTargetAttributes(aws.elb, aws.ids.targets!, { "stickiness.enabled": "false" });
    const { code, text } = await command(ENDPOINT);
    await setTargetAttributes(aws.elb, aws.ids.targets!, { "stickiness.enabled": "true" });
    expect(code).toBe(1);
    expect(text).toMatch(
      /It fails at call\.[\s\S]*At fault on AWS:\n {2}target group prod-servers: stickiness/,
    );
  });

  test("an account that cannot be read takes nothing from the legs", async () => {
    const { code, text } = await command("http://127.0.0.1:9");
    expect(code).toBe(1);
    expect(text).toMatch(/It fails at call\.[\s\S]*the account: it cannot be read: .*ECONNREFUSED/);
  });
});
