/** Where clients' traffic goes, as AWS sees it. The rules of the security group are test/components/network/firewall.test.ts's. */
import { describe, expect, test } from "vitest";
import type { ProgramRun } from "../../offline/program.ts";
import { all, type Config, one, run } from "./run.ts";

const ROUTED = { egress: { mode: "routed" } };
/** A server's share of the clients' pool. */
const SHARE = /^10\.6[4-7]\./;
const EXISTING = {
  frontDoor: "eip",
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
};

/** Source/dest check of each server's interface. */
const checks = (fleet: ProgramRun) =>
  all(fleet, "NetworkInterface").map(({ inputs }) => inputs.sourceDestCheck);

/** Routes to interfaces, as `table destination interface`. */
const clientRoutes = (fleet: ProgramRun) =>
  all(fleet, "Route")
    .map(({ inputs }) => inputs)
    .filter(({ destinationCidrBlock }) => SHARE.test(destinationCidrBlock))
    .map((route) => [route.routeTableId, route.destinationCidrBlock, route.networkInterfaceId].join(" "));

describe.each(["nat", "none"])("with egress.mode %s", (mode) => {
  test("EC2 holds each server to its own address, and no route leads to clients", async () => {
    const fleet = await run({ servers: 2, egress: { mode } });
    expect(checks(fleet)).toEqual([true, true]);
    expect(clientRoutes(fleet)).toEqual([]);
  });
});

describe("with egress.mode routed", () => {
  test("servers pass on what bears their clients' addresses", async () => {
    expect(checks(await run({ servers: 3, ...ROUTED }))).toEqual([false, false, false]);
  });

  test("each server's share has one route to its interface in each table that has its machines or the gateways'", async () => {
    const fleet = await run({ servers: 2, ...ROUTED });
    const tables = ["", "-a", "-b"].map((name) => one(fleet, "RouteTable", `pptp-fleet${name}`).id);
    const nic = (server: string) => one(fleet, "NetworkInterface", `pptp-fleet-${server}`).id;
    const shares = [`10.64.0.0/24 ${nic("a-1")}`, `10.64.1.0/24 ${nic("b-1")}`];
    expect(clientRoutes(fleet).sort()).toEqual(
      tables.flatMap((table) => shares.map((share) => `${table} ${share}`)).sort(),
    );
  });

  test("a third server is one route more a table, and changes no other", async () => {
    const [two, three] = [await run({ servers: 2, ...ROUTED }), await run({ servers: 3, ...ROUTED })];
    const before = clientRoutes(two);
    expect(clientRoutes(three).filter((route) => before.includes(route))).toEqual(before);
    expect(clientRoutes(three)).toHaveLength(9);
    const known = new Map(two.resources.map(({ urn, inputs }) => [urn, inputs]));
    for (const { urn, inputs } of three.resources) if (known.has(urn)) expect(inputs).toEqual(known.get(urn));
  });

  test("an existing VPC has the routes in each table that is named", async () => {
    const tables = ["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"];
    const egress = { mode: "routed", routeTableIds: tables };
    const fleet = await run({ servers: 2, ...EXISTING, egress });
    const nic = (server: string) => one(fleet, "NetworkInterface", `pptp-fleet-${server}`).id;
    expect(clientRoutes(fleet).sort()).toEqual(
      tables.flatMap((table) => [
        `${table} 10.64.0.0/24 ${nic("a-1")}`,
        `${table} 10.64.1.0/24 ${nic("b-1")}`,
      ]),
    );
    expect(all(fleet, "Route")).toHaveLength(4);
  });

  test("a route is deleted before it is replaced, as a table has each destination once", async () => {
    const route = one(await run(ROUTED), "Route", "pptp-fleet-a-1-public");
    expect(route.options.deleteBeforeReplace).toBe(true);
  });
});

describe("what a client reaches", () => {
  /** Rules for clients by their names. */
  const clientRules = async (config: Config) =>
    (await run(config)).resources
      .filter(
        ({ type, name }) =>
          /SecurityGroup.*Rule$/.test(type) && /^pptp-fleet-(in|out)-(clients|dns)-/.test(name),
      )
      .map(({ name }) => name);

  test("has no rule at all where that is nothing", async () => {
    expect(await clientRules({ egress: { mode: "none" } })).toEqual([]);
    expect(await clientRules({})).toHaveLength(3);
  });

  test("is the VPC by default where clients keep their addresses, all CIDRs of an existing one", async () => {
    const own = await clientRules(ROUTED);
    expect(own).toHaveLength(6);
    expect(own.filter((name) => !name.endsWith("-10.42.0.0/16"))).toEqual([]);
    const egress = { mode: "routed", routeTableIds: ["rtb-0123456789abcdef0"] };
    const existing = await clientRules({ ...EXISTING, egress });
    expect(existing).toHaveLength(12);
    expect(existing.filter((name) => !/-10\.2(0\.0\.0\/16|1\.0\.0\/24)$/.test(name))).toEqual([]);
  });
});
