/** What AWS gives to nobody is refused before anything is made, and at that number still passes. */
import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, test, vi } from "vitest";
import { cappedNeeds, quotaMistakes } from "../../../components/quotas/quota-mistakes.ts";
import * as answers from "../../../offline/answers.ts";
import { recordedPlan } from "../../../offline/machines.ts";
import { makePlan, type Plan } from "../../../plan/plan.ts";
import { quotas } from "../../../plan/quotas/quotas.ts";
import { needsOf } from "../../../script/pages/quotas.ts";
import { all, type Config, run } from "../../program/run.ts";
import { afterFix } from "../../settings/applied-fix.ts";
import { type Groups, read } from "../../settings/groups/grouped.ts";
import { givenFacts } from "../../shared/given.ts";

afterEach(() => vi.restoreAllMocks());

const named = { dialName: "pptp.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
const routed = { egress: { mode: "routed" } };
const pool = { clientPool: "10.128.0.0/9" };
const cidrs = (many: number) =>
  Array.from({ length: many }, (_, i) => `${20 + Math.floor(i / 256)}.${i % 256}.0.0/16`);
const zones = (letters: string) => [...letters].map((letter) => `eu-west-1${letter}`);

const plan = (config: Groups, letters = "ab"): Plan => makePlan(read(config), givenFacts(letters), "dev");
const counts = (config: Groups, letters?: string) => cappedNeeds(plan(config, letters));

describe("the plan counts what the program registers", () => {
  test.each<[string, Config]>([
    ["nlb, named", { servers: 5, ...named }],
    ["nlb, routed, named, a zone without a server", { servers: 2, zones: zones("abc"), ...routed, ...named }],
    [
      "nlb, administered",
      {
        adminCidrs: cidrs(9),
        sshPublicKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINfhxb+gURRPL1KNuBHmFR3pTYZ2VMDrTXyonfQmmmex a"],
        allowedCidrs: cidrs(3),
      },
    ],
    ["eip", { frontDoor: "eip", servers: 12 }],
    ["eip, routed, named", { frontDoor: "eip", servers: 7, ...routed, ...named, allowedCidrs: cidrs(12) }],
    [
      "eip, routed, in an existing VPC",
      {
        frontDoor: "eip",
        servers: 6,
        vpcId: "vpc-0123456789abcdef0",
        subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        egress: { mode: "routed", routeTableIds: ["rtb-0123456789abcdef0"] },
      },
    ],
  ])("%s", async (_, config) => {
    const fleet = await run(config);
    const registered = needsOf(fleet);
    for (const [key, { count }] of Object.entries(cappedNeeds(recordedPlan(fleet))))
      expect([key, count]).toEqual([key, registered[key as "rulesPerGroup"].count]);
  });
});

describe("at what AWS gives a stack passes, and with one more it is refused:", () => {
  test("servers behind one name with eip", () => {
    const servers = (many: number) => ({ frontDoor: "eip", servers: many, ...named }) as const;
    expect(quotaMistakes(plan(servers(100)))).toEqual([]);
    expect(quotaMistakes(plan(servers(101)))).toEqual([
      {
        key: "servers",
        value: "101",
        allowed:
          "100 with frontDoor eip and a dialName: a record a server, and Route 53 has at most 100 of a name",
        fix: expect.stringMatching(/^pulumi config set pptp-fleet:servers 100, the rest in another stack/),
      },
    ]);
    expect(quotaMistakes(plan({ frontDoor: "eip", servers: 101 }))).toEqual([]);
    expect(quotaMistakes(plan({ servers: 101, ...named }))).toEqual([]);
  });

  test("routes of a table, where clients keep their addresses", () => {
    const servers = (many: number) => plan({ frontDoor: "eip", servers: many, ...routed, ...pool });
    expect(cappedNeeds(servers(999)).routesPerTable.count).toBe(1000);
    expect(quotaMistakes(servers(999))).toEqual([]);
    expect(quotaMistakes(servers(1000))).toEqual([
      expect.objectContaining({
        key: "servers",
        value: "1000",
        allowed: "999 with egress.mode routed: a route a server, and AWS has at most 1000 in a route table",
      }),
    ]);
    // An existing table's default route is not ours.
    const existing = { ...servers(1000), fleet: { ...servers(1000).fleet, vpcId: "vpc-0123456789abcdef0" } };
    expect(quotaMistakes(existing)).toEqual([]);
  });

  test.each([
    ["nlb", "the gateways' group, inbound"],
    ["eip", "the servers' group, outbound"],
  ] as const)("rules of a group with %s", (frontDoor, of) => {
    const allowed = (many: number) => ({ frontDoor, servers: 1, allowedCidrs: cidrs(many) });
    const { count: one } = counts(allowed(1), "a").rulesPerGroup;
    const most = 1 + Math.floor((1000 - one) / 2);
    expect(counts(allowed(most), "a").rulesPerGroup.count).toBeOneOf([999, 1000]);
    expect(quotaMistakes(plan(allowed(most), "a"))).toEqual([]);
    const { count } = counts(allowed(most + 1), "a").rulesPerGroup;
    expect(count).toBeOneOf([1001, 1002]);
    expect(quotaMistakes(plan(allowed(most + 1), "a"))).toEqual([
      {
        key: "allowedCidrs",
        value: `${most + 1} CIDRs`,
        allowed: `1000 rules in a security group each way, the most that AWS gives; ${of} would have ${count}`,
        fix: `fewer, larger CIDRs in pptp-fleet:allowedCidrs: ${most} fit beside the rest`,
      },
    ]);
  });

  test("rules by administrators' CIDRs, where these take most, one each", () => {
    const { fleet, ...rest } = plan({ servers: 1 }, "a");
    const admin = (many: number): Plan => ({ ...rest, fleet: { ...fleet, adminCidrs: cidrs(many) } });
    const most = 1 + 1000 - cappedNeeds(admin(1)).rulesPerGroup.count;
    expect(cappedNeeds(admin(most)).rulesPerGroup.count).toBe(1000);
    expect(quotaMistakes(admin(most))).toEqual([]);
    expect(quotaMistakes(admin(most + 1))).toEqual([
      expect.objectContaining({
        key: "adminCidrs",
        value: `${most + 1} CIDRs`,
        fix: `fewer, larger CIDRs in pptp-fleet:adminCidrs: ${most} fit beside the rest`,
      }),
    ]);
  });
});

test("the program refuses it before any resource, and the fix is taken", async () => {
  const made = vi.spyOn(answers, "made");
  const config = { frontDoor: "eip", servers: 101, ...named };
  const error = await run(config).then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  expect(error!.message).toMatch(/^1 mistake .*pptp-fleet:servers\n *value +101\n/s);
  expect(made).not.toHaveBeenCalled();
  const ways = afterFix(
    { servers: "101", frontDoor: "eip", ...named },
    /fix +(.*)/.exec(error!.message)![1]!,
  );
  expect(ways).toHaveLength(3);
  for (const way of ways)
    expect(
      quotaMistakes(
        plan({
          servers: Number(way.servers),
          frontDoor: way.frontDoor,
          ...(way.dialName ? named : {}),
        } as Groups),
      ),
    ).toEqual([]);
});

test("what AWS raises is still a warning", async () => {
  const warned: string[] = [];
  vi.spyOn(console, "warn").mockImplementation((text: string) => warned.push(text));
  const fleet = await run({ allowedCidrs: cidrs(100), zones: zones("a"), servers: 1 });
  expect(all(fleet, "Instance")).toHaveLength(2);
  expect(warned.filter((text) => text.includes(quotas.rulesPerGroup.name))).toHaveLength(1);
});
