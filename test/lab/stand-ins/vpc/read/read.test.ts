/** The VPC that the lab reads from the program's own resources. What its rules do to packets is vpc/'s to prove. */

import { isDeepStrictEqual } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import {
  BALANCER,
  EIP_ASSOCIATION,
  INSTANCE,
  NETWORK_INTERFACE,
  ROUTE,
  SUBNET,
  TARGET_GROUP,
} from "../../../../../graph/types.ts";
import { outside } from "../../../../../lab/vpc/network/internet.ts";
import { changeRoutes, routes } from "../../../../../lab/vpc/network/router.ts";
import { readVpc } from "../../../../../lab/vpc/read/read.ts";
import type { Eni, Vpc } from "../../../../../lab/vpc/vpc.ts";
import type { RecordedResource } from "../../../../../offline/program.ts";
import { run } from "../../../../program/run.ts";
import { CARVED, NAMED, ROUTED } from "../../../../shared/existing-vpc.ts";

const TWO_ZONES = { frontDoor: "nlb", servers: 3, zones: ["eu-west-1a", "eu-west-1b"] };

let resources: RecordedResource[];
beforeAll(async () => {
  resources = (await run(TWO_ZONES)).resources;
});

const eni = (vpc: Vpc, name: string): Eni => vpc.interfaces.find((each) => each.name === name)!;

/** With other inputs for the resources of one type. */
function set(type: string, inputs: Record<string, unknown>, name = ""): RecordedResource[] {
  return resources.map((each) =>
    each.type === type && each.name.endsWith(name)
      ? { ...each, inputs: { ...each.inputs, ...inputs } }
      : each,
  );
}

describe("interfaces", () => {
  test("are one for each instance and one for each of the balancer's nodes", () =>
    expect(
      readVpc(resources)
        .interfaces.map(({ name }) => name)
        .toSorted(),
    ).toEqual(["a-1", "a-2", "b-1", "balancer-a", "balancer-b", "gateway-a", "gateway-b"]));
  test("a gateway forwards what is not its own, a server does not", () => {
    const vpc = readVpc(resources);
    expect(eni(vpc, "gateway-a").sourceDestCheck).toBe(false);
    expect(eni(vpc, "a-1").sourceDestCheck).toBe(true);
  });
  test("source/destination check is on where the program says nothing", () => {
    const silent = set(INSTANCE, { sourceDestCheck: undefined });
    expect(eni(readVpc(silent), "gateway-a").sourceDestCheck).toBe(true);
  });
  test("a gateway without its Elastic IP has the address that its launch gave it", () => {
    const without = resources.filter(({ type }) => type !== EIP_ASSOCIATION);
    expect(eni(readVpc(resources), "gateway-a").publicAddress).toMatch(/^198\.18\.0\./);
    expect(eni(readVpc(without), "gateway-a").publicAddress).toBe("198.18.144.23");
    expect(eni(readVpc(without), "a-1").publicAddress).toBeUndefined();
  });
  test("an Elastic IP that exists already is on its machine, and one of nobody's is refused", async () => {
    const adopted = await run({ ...TWO_ZONES, elasticIps: { a: "eipalloc-0123456789abcdef0" } });
    expect(eni(readVpc(adopted.resources), "gateway-a").publicAddress).toBe("198.18.94.240");
    const nobodys = set(EIP_ASSOCIATION, { allocationId: "eip-x" }, "gateway-a");
    expect(() => readVpc(nobodys)).toThrow("names the Elastic IP eip-x, and registers none of that ID");
  });
  test("two of one address are refused", () => {
    const twice = set(NETWORK_INTERFACE, { privateIps: ["10.42.0.4"] }, "a-2");
    expect(() => readVpc(twice)).toThrow("10.42.0.4 is the privateAddress of two interfaces");
  });
  test("a subnet that nobody registers is refused", () => {
    const gone = resources.filter(({ type, name }) => !(type === SUBNET && name.endsWith("balancer-a")));
    expect(() => readVpc(gone)).toThrow("registers no such aws:ec2/subnet:Subnet");
  });
});

describe("a balancer's node", () => {
  const targetsOf = (all: RecordedResource[], zone: string) =>
    readVpc(all)
      .nodes.find(({ name }) => name === `balancer-${zone}`)!
      .listeners[0]!.targets.map(({ address }) => address);

  test("chooses among its own zone's targets", () => {
    expect(targetsOf(resources, "a")).toEqual(["10.42.0.4", "10.42.0.5"]);
    expect(targetsOf(resources, "b")).toEqual(["10.42.32.4"]);
  });
  test("chooses among all where the target group crosses zones, whatever the balancer says", () =>
    expect(targetsOf(set(TARGET_GROUP, { loadBalancingCrossZoneEnabled: "true" }), "b")).toHaveLength(3));
  test("heeds the balancer only where the target group leaves it to it", () => {
    const crossing = set(BALANCER, { enableCrossZoneLoadBalancing: true });
    const own = crossing.map((each) =>
      each.type === TARGET_GROUP
        ? {
            ...each,
            inputs: { ...each.inputs, loadBalancingCrossZoneEnabled: "use_load_balancer_configuration" },
          }
        : each,
    );
    expect(targetsOf(crossing, "b")).toHaveLength(1);
    expect(targetsOf(own, "b")).toHaveLength(3);
  });
  test("ends the connections of unhealthy targets where the group does not say that it shall not", () => {
    const listener = (all: RecordedResource[]) => readVpc(all).nodes[0]!.listeners[0]!;
    expect(listener(resources).terminateUnhealthy).toBe(false);
    expect(listener(set(TARGET_GROUP, { targetHealthStates: undefined })).terminateUnhealthy).toBe(true);
  });
  test("checks as the program says", () =>
    expect(readVpc(resources).nodes[0]!.listeners[0]!.healthCheck).toMatchObject({
      protocol: "HTTP",
      port: 8723,
      path: "/",
      matcher: "200",
      timeout: 3,
    }));
});

describe("routes", () => {
  test("lead to S3 by the VPC's own endpoint, in the table of each subnet of machines, where the VPC is the stack's", async () => {
    const toS3 = { destination: "198.19.0.5/32", via: { s3Endpoint: true } };
    const toldBy = (vpc: Vpc) =>
      vpc.interfaces
        .filter(({ subnet }) =>
          vpc.routeTables.some(
            ({ id, routes }) =>
              id === subnet.routeTable && routes.some((each) => isDeepStrictEqual(each, toS3)),
          ),
        )
        .map(({ name }) => name)
        .toSorted();
    expect(toldBy(readVpc(resources))).toEqual(["a-1", "a-2", "b-1", "gateway-a", "gateway-b"]);
    expect(toldBy(readVpc((await run({ servers: 2, ...CARVED })).resources))).toEqual([]);
  });
  const tables = (all: RecordedResource[]) => routes(readVpc(all));

  test("servers leave by their zone's gateway, gateways by the internet gateway", () => {
    const lines = tables(resources);
    const tableOf = (name: string) =>
      lines.find((line) => line.includes(` iif ${name} `))!.match(/lookup (\d+)/)![1];
    const defaultOf = (name: string) =>
      lines.find(
        (line) => line.startsWith("route add 0.0.0.0/0 ") && line.endsWith(` table ${tableOf(name)}`),
      );
    expect(defaultOf("a-1")).toContain(" dev gateway-a ");
    expect(defaultOf("b-1")).toContain(" dev gateway-b ");
    expect(defaultOf("balancer-b")).toContain(" dev gateway-b ");
    expect(defaultOf("gateway-b")).toContain(" dev internet ");
  });
  test("one that leads to an interface that is gone is a black hole", () =>
    expect(tables(set(ROUTE, { networkInterfaceId: "eni-gone" }, "balancer-a"))).toContainEqual(
      expect.stringMatching(/^route add blackhole 0\.0\.0\.0\/0 table \d+$/),
    ));
  test("a server more is routes more: nothing else is touched while others talk", () => {
    const without = resources.filter(({ type, name }) => !(type === INSTANCE && name.endsWith("a-2")));
    const script = changeRoutes(tables(without), tables(resources));
    expect(script.split("\n").filter((line) => /^(route|rule)/.test(line))).toEqual([
      "route replace 10.42.0.5/32 via 169.254.1.2 dev a-2 onlink table 100",
      expect.stringMatching(/^rule add pref 30 iif a-2 lookup \d+$/),
    ]);
    expect(changeRoutes(tables(resources), tables(resources))).toBe("");
  });
  test("one that leads elsewhere is replaced in one step", () => {
    const turned = set(
      ROUTE,
      { networkInterfaceId: undefined, gatewayId: "internetgateway-pptp-fleet" },
      "balancer-a",
    );
    const script = changeRoutes(tables(resources), tables(turned));
    expect(script.split("\n").filter((line) => /^(route|rule)/.test(line))).toEqual([
      expect.stringMatching(/^route replace 0\.0\.0\.0\/0 via \S+ dev internet onlink table \d+$/),
    ]);
  });
  test("a target other than gateway and interface is refused", () => {
    const peered = set(
      ROUTE,
      { networkInterfaceId: undefined, vpcPeeringConnectionId: "pcx-1" },
      "balancer-a",
    );
    expect(() => readVpc(peered)).toThrow("leads to what the lab does not know");
  });
});

describe("clients", () => {
  test("dial from the first CIDR that may, not from the VPC that may too", () =>
    expect(outside(readVpc(resources))).toEqual({
      cidr: "198.51.100.0/24",
      client: "198.51.100.1",
      nat: "198.51.100.2",
    }));
  test("a CIDR too small for two addresses is refused", async () => {
    const small = await run({ ...TWO_ZONES, allowedCidrs: ["198.51.100.7/32"] });
    expect(() => outside(readVpc(small.resources))).toThrow("no room for the lab's two client addresses");
  });
});

test("a fleet behind `eip` is read as well: no node, and an Elastic IP on each server", async () => {
  const vpc = readVpc((await run({ ...TWO_ZONES, frontDoor: "eip" })).resources);
  expect(vpc.nodes).toEqual([]);
  expect(vpc.interfaces.map(({ publicAddress }) => publicAddress?.startsWith("198.18.0."))).toEqual([
    true,
    true,
    true,
  ]);
});

describe("a VPC that exists", () => {
  const leads = (vpc: Vpc, name: string) => {
    const table = vpc.routeTables.find(({ id }) => id === eni(vpc, name).subnet.routeTable)!;
    return table.routes.find(({ destination }) => destination === "0.0.0.0/0")?.via;
  };

  test.each([
    ["in free CIDRs", CARVED, "10.20.128.4"],
    ["in subnets that exist", NAMED, "10.20.4.4"],
  ])(
    "has the fleet %s: servers and nodes leave by their gateway, gateways by the VPC's own",
    async (_, config, address) => {
      const vpc = readVpc((await run({ servers: 2, ...config })).resources);
      expect(vpc.cidr).toBe("10.20.0.0/16");
      expect(eni(vpc, "a-1").privateAddress).toBe(address);
      for (const name of ["a-1", "balancer-a"])
        expect(leads(vpc, name)).toEqual({ networkInterface: eni(vpc, "gateway-a").id });
      expect(leads(vpc, "b-1")).toEqual({ networkInterface: eni(vpc, "gateway-b").id });
      expect(leads(vpc, "gateway-a")).toEqual({ internetGateway: true });
    },
  );

  test("leads from the table of those who poll to each server's clients", async () => {
    const vpc = readVpc((await run({ servers: 2, ...NAMED, ...ROUTED })).resources);
    const [masters] = ROUTED.egress.routeTableIds;
    const { routes } = vpc.routeTables.find(({ id }) => id === masters)!;
    expect(routes.filter(({ destination }) => destination !== "0.0.0.0/0")).toEqual([
      { destination: "10.64.0.0/24", via: { networkInterface: eni(vpc, "a-1").id } },
      { destination: "10.64.1.0/24", via: { networkInterface: eni(vpc, "b-1").id } },
    ]);
  });
});
