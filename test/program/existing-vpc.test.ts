/** A fleet in a VPC that exists: what it makes there, and that nothing of the VPC's own changes but what config names. */
import { afterEach, describe, expect, test, vi } from "vitest";
import * as answers from "../../offline/answers.ts";
import type { ProgramRun } from "../../offline/program.ts";
import { CARVED, NAMED, PUBLIC, ROUTED } from "../shared/existing-vpc.ts";
import { all, type Config, one, run } from "./run.ts";

const VPC = CARVED.vpcId;
const GATEWAY = "igw-0123456789abcdef0";

afterEach(() => vi.restoreAllMocks());

const answer = answers.answer;

/** AWS answers questions as `changes` say, by their names: from the inputs and its usual answer. */
function answering(changes: Record<string, (usual: () => any, inputs: any) => object>): void {
  vi.spyOn(answers, "answer").mockImplementation((region, token, inputs) => {
    const usual = () => answer(region, token, inputs);
    return changes[token.split(":").at(-1)!]?.(usual, inputs) ?? usual();
  });
}

/** An error as the engine passes a provider's on. */
const refused = (details: string) => Object.assign(new Error(details), { details });

const refusal = (config: Config): Promise<string> =>
  run(config).then(
    () => "no mistake",
    (error: Error) => error.message,
  );

/** IDs of the VPC's own that a resource's input names, by type and input. */
function touched({ resources }: ProgramRun): string[] {
  const own = /^(vpc|subnet|rtb|igw)-[0-9a-f]{17}$/;
  const found = resources.flatMap(({ type, inputs }) =>
    Object.entries(inputs)
      .flatMap(([key, value]) => (Array.isArray(value) ? value : [value]).map((each) => [key, each]))
      .flatMap(([key, value]) =>
        typeof value === "object" && value !== null ? Object.entries(value) : [[key, value]],
      )
      .filter(([, value]) => own.test(String(value)))
      .map(([key, value]) => `${type.split(":").at(-1)}.${key} ${value}`),
  );
  return [...new Set(found)].sort();
}

/** `destination target` of each route, by its table. */
const routesOf = (fleet: ProgramRun, table: string) =>
  all(fleet, "Route")
    .filter(({ inputs }) => inputs.routeTableId === table)
    .map(({ inputs }) => `${inputs.destinationCidrBlock} ${inputs.gatewayId ?? inputs.networkInterfaceId}`)
    .sort();

const nic = (fleet: ProgramRun, gateway: string) =>
  one(fleet, "Instance", `pptp-fleet-${gateway}`).state.primaryNetworkInterfaceId;

describe("in free CIDRs of the VPC", () => {
  test("the stack has the subnets and tables of a VPC of its own, and names of the VPC's its ID and internet gateway", async () => {
    const [fleet, own] = [await run(CARVED), await run({ zones: CARVED.zones })];
    const names = (each: ProgramRun) =>
      each.resources
        .filter(({ type }) => /:(Subnet|RouteTable|RouteTableAssociation|Route)$/.test(type))
        .map(({ type, name }) => `${type} ${name}`);
    expect(names(fleet)).toEqual(names(own));
    expect(
      all(fleet, "Subnet").map(({ name, inputs }) => [
        name,
        inputs.vpcId,
        inputs.availabilityZone,
        inputs.cidrBlock,
      ]),
    ).toEqual([
      ["pptp-fleet-a", VPC, "eu-west-1a", "10.20.128.0/25"],
      ["pptp-fleet-b", VPC, "eu-west-1b", "10.21.0.0/26"],
      ["pptp-fleet-balancer-a", VPC, "eu-west-1a", "10.20.128.128/28"],
      ["pptp-fleet-balancer-b", VPC, "eu-west-1b", "10.21.0.64/28"],
      ["pptp-fleet-gateway-a", VPC, "eu-west-1a", "10.20.128.144/28"],
      ["pptp-fleet-gateway-b", VPC, "eu-west-1b", "10.21.0.80/28"],
    ]);
    expect(touched(fleet)).toEqual([
      `Route.gatewayId ${GATEWAY}`,
      `RouteTable.vpcId ${VPC}`,
      `SecurityGroup.vpcId ${VPC}`,
      `Subnet.vpcId ${VPC}`,
      `TargetGroup.vpcId ${VPC}`,
    ]);
    for (const type of ["Vpc", "InternetGateway", "DefaultSecurityGroup"])
      expect(all(fleet, type)).toEqual([]);
  });

  test("servers keep subnet and address under either front door", async () => {
    const places = (fleet: ProgramRun) =>
      all(fleet, "NetworkInterface").map(({ inputs }) => [inputs.subnetId, inputs.privateIps]);
    const [nlb, eip] = [await run(CARVED), await run({ ...CARVED, frontDoor: "eip" })];
    expect(places(nlb)).toEqual([
      [one(nlb, "Subnet", "pptp-fleet-a").id, ["10.20.128.4"]],
      [one(nlb, "Subnet", "pptp-fleet-b").id, ["10.21.0.4"]],
    ]);
    expect(places(eip)).toEqual(places(nlb));
    const table = one(eip, "RouteTable", "pptp-fleet-a").id;
    expect(routesOf(eip, table)).toEqual([`0.0.0.0/0 ${GATEWAY}`]);
  });

  test("routed clients are found from the stack's own tables and from the one that is named", async () => {
    const fleet = await run({ ...CARVED, ...ROUTED });
    const [a, b] = ["a-1", "b-1"].map((server) => one(fleet, "NetworkInterface", `pptp-fleet-${server}`).id);
    const clients = [`10.64.0.0/24 ${a}`, `10.64.1.0/24 ${b}`];
    expect(routesOf(fleet, "rtb-0123456789abcdef4")).toEqual(clients);
    expect(routesOf(fleet, one(fleet, "RouteTable", "pptp-fleet").id)).toEqual([
      `0.0.0.0/0 ${GATEWAY}`,
      ...clients,
    ]);
  });

  test("a master in a secondary CIDR reaches clients, and is reached", async () => {
    const fleet = await run({ ...CARVED, ...ROUTED });
    const cidrs = (type: string) =>
      all(fleet, type)
        .filter(({ name }) => /^pptp-fleet-(in|out)-clients-tcp/.test(name))
        .map(({ inputs }) => inputs.cidrIpv4);
    for (const type of ["SecurityGroupIngressRule", "SecurityGroupEgressRule"])
      expect(cidrs(type)).toEqual(["10.20.0.0/16", "10.21.0.0/24"]);
  });
});

describe("in subnets that exist", () => {
  test("each role has its own, and the zone's table gets one default route, to the gateway", async () => {
    const fleet = await run(NAMED);
    expect(all(fleet, "NetworkInterface").map(({ inputs }) => [inputs.subnetId, inputs.privateIps])).toEqual([
      ["subnet-0123456789abcdef6", ["10.20.4.4"]],
      ["subnet-0123456789abcdef7", ["10.20.5.4"]],
    ]);
    expect(one(fleet, "Instance", "pptp-fleet-gateway-b").inputs.subnetId).toBe("subnet-0123456789abcdef3");
    expect(all(fleet, "LoadBalancer")[0]!.inputs.subnetMappings).toEqual([
      { subnetId: "subnet-0123456789abcdef4", privateIpv4Address: "10.20.3.4" },
      { subnetId: "subnet-0123456789abcdef5", privateIpv4Address: "10.20.3.20" },
    ]);
    expect(routesOf(fleet, "rtb-0123456789abcdef2")).toEqual([`0.0.0.0/0 ${nic(fleet, "gateway-a")}`]);
    expect(routesOf(fleet, "rtb-0123456789abcdef3")).toEqual([`0.0.0.0/0 ${nic(fleet, "gateway-b")}`]);
    expect(all(fleet, "Route")).toHaveLength(2);
  });

  test("nothing of the VPC's is named but that, flow logs of the same subnets, and no table is associated", async () => {
    const fleet = await run({ ...NAMED, ...ROUTED });
    const subnets = [2, 3, 4, 5, 6, 7].map((i) => `subnet-0123456789abcdef${i}`);
    expect(touched(fleet).filter((each) => !each.endsWith(VPC))).toEqual(
      [
        ...subnets.map((id) => `FlowLog.subnetId ${id}`),
        ...subnets.slice(0, 2).map((id) => `Instance.subnetId ${id}`),
        ...subnets.slice(2, 4).map((id) => `LoadBalancer.subnetId ${id}`),
        ...subnets.slice(4).map((id) => `NetworkInterface.subnetId ${id}`),
        ...[2, 3, 4].map((i) => `Route.routeTableId rtb-0123456789abcdef${i}`),
      ].sort(),
    );
    for (const type of ["Subnet", "RouteTable", "RouteTableAssociation", "Vpc", "InternetGateway"])
      expect(all(fleet, type)).toEqual([]);
  });

  test("servers and balancer with a table each get a route each", async () => {
    const [node, first, table] = [
      "subnet-0123456789abcdef4",
      "rtb-0123456789abcdef2",
      "rtb-0123456789abcdef4",
    ];
    answering({
      getRouteTables: (usual, { filters: [{ values }] }) => (values[0] === node ? { ids: [table] } : usual()),
      getRouteTable: (usual, { routeTableId }) => {
        const subnets: Record<string, string> = { [table]: node, [first]: "subnet-0123456789abcdef6" };
        const subnetId = subnets[routeTableId];
        return subnetId === undefined
          ? usual()
          : { vpcId: VPC, associations: [{ subnetId, main: false }], routes: [] };
      },
    });
    const tables = [...NAMED.defaultRouteTableIds, table];
    const fleet = await run({ ...NAMED, defaultRouteTableIds: tables });
    for (const each of [first, table])
      expect(routesOf(fleet, each)).toEqual([`0.0.0.0/0 ${nic(fleet, "gateway-a")}`]);
    expect(all(fleet, "Route")).toHaveLength(3);
  });
});

describe("is refused, before any resource,", () => {
  test("a subnet in a Local Zone, whose last letter is another zone's", async () => {
    const subnetIds = [...PUBLIC.subnetIds, "subnet-0123456789abcdef8"];
    expect(await refusal({ ...PUBLIC, subnetIds })).toMatch(
      /^1 mistake .*pptp-fleet:subnetIds\[2\]\n.*\n *allowed +availability zones of the region, eu-west-1a, .*; eu-west-1-bos-1a is a Local/s,
    );
  });

  test("a clients' pool in a secondary CIDR, with one that is free", async () => {
    const message = await refusal({ ...PUBLIC, clientPool: "10.21.0.0/16" });
    expect(message).toMatch(
      /^1 mistake .*pptp-fleet:clientPool\n.*\n.*which has 10.20.0.0\/16, 10.21.0.0\/24/s,
    );
    const [, free] = /pptp-fleet:clientPool (\S+),/.exec(message)!;
    await run({ ...PUBLIC, clientPool: free });
  });

  test("a VPC without an internet gateway", async () => {
    answering({
      getInternetGateway: () => {
        throw refused("no matching EC2 Internet Gateway found");
      },
    });
    expect(await refusal(CARVED)).toMatch(
      /^1 mistake .*pptp-fleet:vpcId\n.*\n *allowed +a VPC with an internet gateway/s,
    );
  });

  test("a VPC that may not be looked into, in AWS's words", async () => {
    answering({
      getSubnets: () => {
        throw refused("UnauthorizedOperation: no ec2:DescribeSubnets");
      },
    });
    expect(await refusal(CARVED)).toMatch(
      /^1 mistake .*pptp-fleet:vpcId\n.*\n.*AWS says: UnauthorizedOperation.*\n.*docs\/ci\.md/s,
    );
  });

  test("a server's address that somebody else has, and not one that is a server of ours", async () => {
    const held = (ours: boolean) => {
      vi.restoreAllMocks();
      answering({
        getNetworkInterface: (_, { id }) => ({ id, privateIps: ["10.20.1.4"] }),
        getNetworkInterfaces: (_, { filters, tags }) => {
          const there = filters.some(
            ({ name, values }: any) => name === "subnet-id" && values[0] === PUBLIC.subnetIds[1],
          );
          return { ids: there && (tags === undefined || ours) ? ["eni-0aaaaaaaaaaaaaaaa"] : [] };
        },
      });
    };
    held(false);
    expect(await refusal(PUBLIC)).toMatch(
      /^1 mistake .*pptp-fleet:subnetIds\n.*\n.*it needs 10\.20\.1\.4, which eni-0aaaaaaaaaaaaaaaa has/s,
    );
    held(true);
    expect(await refusal(PUBLIC)).toBe("no mistake");
  });
});

describe("after an update, AWS tells of what it made, and the next one is not refused for it:", () => {
  const NIC = "eni-0bbbbbbbbbbbbbbbb";

  test.each([
    ["the gateway's interface, in its subnet", NAMED.gatewaySubnetIds[0], "no mistake"],
    [
      "but somebody's NAT instance is",
      PUBLIC.subnetIds[0],
      /pptp-fleet:defaultRouteTableIds\[0\]\n.*\n.*leads to eni-0b/,
    ],
  ])("a default route to %s", async (_, subnetId, told) => {
    answering({
      getRouteTable: (usual, { routeTableId }) =>
        routeTableId === NAMED.defaultRouteTableIds[0]
          ? { ...usual(), routes: [{ cidrBlock: "0.0.0.0/0", networkInterfaceId: NIC, gatewayId: "" }] }
          : usual(),
      getNetworkInterfaces: (_, { filters: [{ name, values }] }) => ({
        ids: name === "network-interface-id" && values.includes(NIC) ? [NIC] : [],
      }),
      getNetworkInterface: (_, { id }) => ({ id, subnetId, privateIps: ["10.20.2.9"] }),
    });
    expect(await refusal(NAMED)).toMatch(told);
  });

  test("a route to a server's clients, in the table of those who poll; but one that is not this stack's is", async () => {
    const routed = (ours: boolean) => {
      vi.restoreAllMocks();
      answering({
        getRouteTable: (usual, { routeTableId }) =>
          routeTableId === ROUTED.egress.routeTableIds[0]
            ? { ...usual(), routes: [{ cidrBlock: "10.64.0.0/24", networkInterfaceId: NIC }] }
            : usual(),
        getNetworkInterfaces: (_, { tags }) => ({ ids: tags === undefined || ours ? [NIC] : [] }),
      });
      return refusal({ ...CARVED, ...ROUTED });
    };
    expect(await routed(true)).toBe("no mistake");
    expect(await routed(false)).toMatch(
      /pptp-fleet:egress\.routeTableIds\[0\]\n.*\n.*10\.64\.0\.0\/24 leads to eni-0b/,
    );
  });

  test("its own subnets; but another stack's are", async () => {
    const subnet = "subnet-0cccccccccccccccc";
    const made = (ours: boolean) => {
      vi.restoreAllMocks();
      answering({
        getSubnets: (usual, { tags }) => {
          const { ids } = usual();
          return { ids: tags === undefined || ours ? [...ids, subnet] : ids };
        },
        getSubnet: (usual, { id }) =>
          id === subnet
            ? {
                id,
                vpcId: VPC,
                availabilityZone: "eu-west-1a",
                cidrBlock: "10.20.128.0/25",
                availableIpAddressCount: 9,
              }
            : usual(),
      });
      return refusal(CARVED);
    };
    expect(await made(true)).toBe("no mistake");
    expect(await made(false)).toMatch(
      /pptp-fleet:subnetCidrs\[0\]\n.*\n.*a free CIDR; 10\.20\.128\.0\/25 is subnet-0c/,
    );
  });

  test("the balancer's node; but any other interface at its address is", async () => {
    const held = (type: string) => {
      vi.restoreAllMocks();
      answering({
        getNetworkInterface: (_, { id }) => ({ id, privateIps: ["10.20.3.4"] }),
        getNetworkInterfaces: (_, { filters }) => {
          const asked = Object.fromEntries(filters.map(({ name, values }: any) => [name, values]));
          const there = asked["subnet-id"]?.[0] === NAMED.balancerSubnetIds[0];
          return { ids: there && (asked["interface-type"]?.includes(type) ?? true) ? [NIC] : [] };
        },
      });
      return refusal(NAMED);
    };
    expect(await held("network_load_balancer")).toBe("no mistake");
    expect(await held("interface")).toMatch(
      /pptp-fleet:balancerSubnetIds\n.*\n.*it needs 10\.20\.3\.4, which eni-0b/,
    );
  });
});
