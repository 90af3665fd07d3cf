/** What the program warns of is what it registers: its own count against one of the recorded resources. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ProgramRun } from "../../../offline/program.ts";
import { runProgram } from "../../../offline/program.ts";
import { stackInput } from "../../../offline/stack.ts";
import type { Needs } from "../../../plan/quotas/quotas.ts";
import * as quotas from "../../../plan/quotas/quotas.ts";
import { needsOf } from "../../../script/pages/quotas.ts";
import { all, type Config, run } from "../../program/run.ts";

/** What the program counted. */
const counted: unknown[] = [];
let warned: string[];
beforeEach(() => {
  counted.length = 0;
  warned = [];
  const { quotaWarnings } = quotas;
  vi.spyOn(quotas, "quotaWarnings").mockImplementation((...args) => {
    counted.push(args[0]);
    return quotaWarnings(...args);
  });
  vi.spyOn(console, "warn").mockImplementation((text: string) => warned.push(text));
});
afterEach(() => vi.restoreAllMocks());

const named = { dialName: "pptp.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
const zones = (letters: string) => [...letters].map((letter) => `eu-west-1${letter}`);
const routed = { egress: { mode: "routed" } };

/** The program's count, and the fleet that it registered. */
async function count(config: Config): Promise<{ needs: Needs; fleet: ProgramRun }> {
  const fleet = await run(config);
  expect(counted).toHaveLength(1);
  return { needs: counted[0] as Needs, fleet };
}

describe("the program counts what it registers", () => {
  test.each<[string, Config]>([
    ["nlb, one zone", { servers: 5, zones: zones("a") }],
    ["nlb, three zones, routed, named", { servers: 8, zones: zones("abc"), ...routed, ...named }],
    ["nlb, fewer servers than zones", { servers: 1, zones: zones("ab"), ...named }],
    ["eip", { frontDoor: "eip", servers: 12 }],
    [
      "eip, routed, named, many CIDRs",
      {
        frontDoor: "eip",
        servers: 7,
        ...routed,
        ...named,
        allowedCidrs: ["10.9.0.0/16", "10.8.0.0/16", "198.51.100.0/24"],
      },
    ],
  ])("%s", async (_, config) => {
    const { needs, fleet } = await count(config);
    expect(needs).toEqual(needsOf(fleet));
  });

  test("in an existing VPC too, whose own subnets and tables have no name", async () => {
    const { needs, fleet } = await count({
      frontDoor: "eip",
      servers: 6,
      vpcId: "vpc-0123456789abcdef0",
      subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
      egress: { mode: "routed", routeTableIds: ["rtb-0123456789abcdef0"] },
    });
    const numbers = (each: Needs) => Object.entries(each).map(([key, { count }]) => [key, count]);
    expect(numbers(needs)).toEqual(numbers(needsOf(fleet)));
    expect([needs.vpcs.count, needs.routesPerTable.count, needs.networkInterfaces.count]).toEqual([0, 6, 3]);
  });
});

describe("what is counted", () => {
  test("of nlb: five servers and a gateway in one zone, four and a gateway in the other", async () => {
    const { needs, fleet } = await count({ servers: 9, ...named });
    expect(needs).toMatchObject({
      // Two a c6in.large.
      standard: { count: 22 },
      elasticIps: { count: 2 },
      // The balancer's node, the gateway and five servers.
      networkInterfaces: { count: 7, of: "eu-west-1a" },
      targetsPerZone: { count: 5 },
      targetsPerBalancer: { count: 9 },
      targetsPerGroup: { count: 9 },
      // Servers', gateways', balancer's and the VPC's own.
      securityGroups: { count: 4 },
      // Two alarms a zone, and both together.
      healthChecks: { count: 6 },
      recordsPerName: { count: 2, of: "pptp.example.com A" },
      subnetsPerVpc: { count: 6 },
      routeTablesPerVpc: { count: all(fleet, "RouteTable").length + 1 },
      x: { count: 0 },
    });
  });

  test("of eip: an address a server, a route a server in each table, and nothing of a balancer", async () => {
    const { needs } = await count({ frontDoor: "eip", servers: 9, ...routed });
    expect(needs).toMatchObject({
      standard: { count: 18 },
      elasticIps: { count: 9 },
      // The table's default route with them.
      routesPerTable: { count: 10 },
      networkInterfaces: { count: 5 },
      balancers: { count: 0 },
      targetsPerZone: { count: 0 },
    });
  });

  test("of rules: the larger direction of the larger group, two a CIDR", async () => {
    const cidrs = (many: number) => Array.from({ length: many }, (_, i) => `10.${i}.0.0/16`);
    const few = await count({ allowedCidrs: cidrs(4), zones: zones("a") });
    counted.length = 0;
    const more = await count({ allowedCidrs: cidrs(14), zones: zones("a") });
    expect(more.needs.rulesPerGroup.count - few.needs.rulesPerGroup.count).toBe(20);
    expect(more.needs.rulesPerGroup.of).toMatch(/^pptp-fleet-gateway, (in|out)bound$/);
  });

  test("of vCPUs: those of a gateway of another type", async () => {
    const { needs } = await count({ servers: 2, gatewayInstanceType: "x2iedn.xlarge" });
    expect([needs.standard.count, needs.x.count]).toEqual([4, 8]);
  });
});

describe("a warning", () => {
  /** Of quotas, by their names. */
  const quotasOf = () => warned.flatMap((text) => /quota “([^”]+)”/.exec(text)?.[1] ?? []);

  test("is told once of each, and the fleet is made all the same", async () => {
    const { fleet } = await count({ frontDoor: "eip", servers: 6 });
    expect(quotasOf()).toEqual([
      "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
      "EC2-VPC Elastic IPs",
    ]);
    expect(all(fleet, "Instance")).toHaveLength(6);
  });

  test("of rules comes before AWS refuses them", async () => {
    await count({
      allowedCidrs: Array.from({ length: 30 }, (_, i) => `10.${i}.0.0/16`),
      zones: zones("a"),
      servers: 1,
    });
    expect(quotasOf()).toEqual(["Inbound or outbound rules per security group"]);
  });

  test("is not told to the example stack dev, and to prod of its 8 vCPUs only, of which a new account has 5", async () => {
    await runProgram(stackInput("dev", []));
    expect(quotasOf()).toEqual([]);
    await runProgram(stackInput("prod", []));
    expect(quotasOf()).toEqual(["Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances"]);
    expect(warned.at(-1)).toContain("this stack needs 8 vCPUs");
  });

  test("in a preview is the same as in an update", async () => {
    await run({ frontDoor: "eip", servers: 6, ...named, ...routed }, { preview: true });
    await run({ frontDoor: "eip", servers: 6, ...named, ...routed });
    expect(counted[0]).toEqual(counted[1]);
  });
});

test("a larger pool with the same first address changes no server", async () => {
  const [small, large] = [await run({ servers: 4 }), await run({ servers: 4, clientPool: "10.64.0.0/12" })];
  const inputs = ({ resources }: ProgramRun) => resources.map(({ urn, inputs }) => [urn, inputs]);
  expect(inputs(large)).toEqual(inputs(small));
});
