/** A fleet in generated VPCs: refused, or no address that the plan decides is another's. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placeInVpc } from "../../../plan/existing-vpc/existing-vpc.ts";
import type { RouteTableFacts, SubnetFacts, VpcFacts } from "../../../plan/existing-vpc/facts.ts";
import { roomMistakes } from "../../../plan/place/room.ts";
import { makePlan, type Plan } from "../../../plan/plan.ts";
import { addresses, type Cidr, formatCidr, overlaps, parseCidr } from "../../../settings/ipv4.ts";
import type { Mistake } from "../../../settings/mistakes.ts";
import type { Settings } from "../../../settings/schema.ts";
import { read } from "../../settings/groups/grouped.ts";
import { givenFacts } from "../../shared/given.ts";

const ID = "vpc-0123456789abcdef0";
const REGION = "us-east-1";
const ZONES = [..."abcdef"].map((letter) => REGION + letter);
const LOCAL = [`${REGION}-bos-1a`, `${REGION}-wl1-bos-wlz-1`, `${REGION}-atl-2a`];

const subnetId = (i: number) => `subnet-${String(i).padStart(17, "0")}`;
const tableId = (i: number) => `rtb-${String(i).padStart(17, "0")}`;

/** Where the plan puts a fleet. @throws What it refuses. */
function planIn(settings: Settings, vpc: VpcFacts): Plan {
  const place = placeInVpc(settings, vpc);
  if ("mistakes" in place) throw new Refused(place.mistakes);
  const facts = { ...givenFacts(), ...place.answer };
  const lacks = roomMistakes(settings, facts);
  if (lacks.length > 0) throw new Refused(lacks);
  return makePlan(settings, facts, "prod");
}

class Refused extends Error {
  readonly mistakes: Mistake[];

  constructor(mistakes: Mistake[]) {
    super(mistakes.map(({ key, allowed }) => `${key}: ${allowed}`).join("\n"));
    this.mistakes = mistakes;
  }
}

/** What is told of a config; empty where it is planned. */
function told(settings: Settings, vpc: VpcFacts): string[] {
  try {
    planIn(settings, vpc);
    return [];
  } catch (error) {
    if (error instanceof Refused) return error.message.split("\n");
    throw error;
  }
}

interface Range {
  what: string;
  cidr: Cidr;
}

/** Every range that the plan decides or that AWS has given to somebody, each once. */
function ranges({ servers, gateways, fleet }: Plan, vpc: VpcFacts): Range[] {
  const one = (address: string) => parseCidr(`${address}/32`);
  const ourSubnets = [
    ...fleet.zones.map(({ subnetCidr }) => subnetCidr),
    ...gateways.flatMap(({ subnetCidr, balancerCidr }) => [subnetCidr, balancerCidr]),
  ];
  const kept = (text: string): Range[] => {
    const { base, prefix } = parseCidr(text);
    return [
      { what: `first four of ${text}`, cidr: { base, prefix: 30 } },
      { what: `last of ${text}`, cidr: { base: base + addresses({ prefix }) - 1, prefix: 32 } },
    ];
  };
  return [
    ...servers.map(({ name, privateAddress }) => ({ what: name, cidr: one(privateAddress) })),
    ...gateways.map(({ name, balancerAddress }) => ({ what: `node ${name}`, cidr: one(balancerAddress) })),
    ...servers.map(({ name, clientPool }) => ({
      what: `clients ${name}`,
      cidr: parseCidr(clientPool.share),
    })),
    ...gateways.map(({ name, subnetCidr }) => ({
      what: name,
      // Its address there is AWS's to choose.
      cidr: { base: parseCidr(subnetCidr).base + 4, prefix: 30 },
    })),
    ...ourSubnets.flatMap(kept),
    ...vpc.subnets.flatMap(({ id, cidr, ours }) =>
      cidr === undefined || ours || ourSubnets.includes(cidr) ? [] : [{ what: id, cidr: parseCidr(cidr) }],
    ),
  ];
}

function meeting(all: Range[]): string[] {
  return all.flatMap((a, i) =>
    all.slice(i + 1).flatMap((b) => (overlaps(a.cidr, b.cidr) ? [`${a.what} and ${b.what}`] : [])),
  );
}

const part = (outer: string, prefix: number, index: number): string => {
  const { base, prefix: own } = parseCidr(outer);
  const parts = 2 ** (prefix - own);
  return formatCidr({ base: base + (index % parts) * addresses({ prefix }), prefix });
};

/** CIDRs that meet each other, and the clients' pools below, more often than real ones. */
const CIDRS = ["10.20.0.0/16", "10.64.0.0/20", "10.65.16.0/22", "100.64.0.0/18", "172.16.4.0/22"];
const POOLS = ["10.64.0.0/14", "10.128.0.0/14", "172.16.0.0/14", "100.64.0.0/12", "10.20.0.0/14"];

const index = fc.nat({ max: 4095 });
const zone = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...ZONES) },
  { weight: 1, arbitrary: fc.constantFrom(...LOCAL) },
);

const vpcs = fc
  .record({
    cidrs: fc.uniqueArray(fc.constantFrom(...CIDRS), { minLength: 1, maxLength: 3 }),
    subnets: fc.array(
      fc.record({
        of: index,
        prefix: fc.integer({ min: 22, max: 28 }),
        at: index,
        zone,
        free: fc.nat({ max: 300 }),
      }),
      { maxLength: 12 },
    ),
    gateway: fc.constantFrom(true, true, true, false),
  })
  .map(({ cidrs, subnets, gateway }): VpcFacts => {
    const found: SubnetFacts[] = [];
    for (const { of, prefix, at, zone, free } of subnets) {
      const cidr = part(cidrs[of % cidrs.length]!, prefix, at);
      // AWS makes no two that meet.
      if (found.some((other) => overlaps(parseCidr(other.cidr!), parseCidr(cidr)))) continue;
      const id = subnetId(found.length);
      found.push({ id, vpcId: ID, zone, cidr, free, ours: false, routeTableId: tableId(found.length) });
    }
    return {
      id: ID,
      cidrs,
      ...(gateway ? { internetGatewayId: "igw-0123456789abcdef0" } : {}),
      zones: ZONES,
      subnets: found,
      routeTables: found.map(
        ({ id }, i): RouteTableFacts => ({
          id: tableId(i),
          vpcId: ID,
          main: false,
          subnetIds: [id],
          routes: [],
        }),
      ),
    };
  });

const common = fc.record({
  servers: fc.integer({ min: 1, max: 9 }),
  clientPool: fc.constantFrom(...POOLS),
  frontDoor: fc.constantFrom("nlb", "eip"),
});

/** CIDRs anywhere in the VPC's and a little beside them. */
const carved = fc
  .tuple(
    vpcs,
    common,
    fc.uniqueArray(zone, { minLength: 1, maxLength: 4 }),
    fc.array(fc.tuple(index, fc.integer({ min: 20, max: 26 }), index), { minLength: 4, maxLength: 4 }),
  )
  .map(([vpc, config, zones, parts]) => {
    const all = [...vpc.cidrs, "10.99.0.0/16"];
    const subnetCidrs = zones.map((_, i) => {
      const [of, prefix, at] = parts[i]!;
      const outer = all[of % (of % 8 === 0 ? all.length : vpc.cidrs.length)]!;
      return part(outer, Math.max(prefix, parseCidr(outer).prefix), at);
    });
    return { vpc, config: { ...config, vpcId: ID, zones, subnetCidrs } };
  });

/** Subnets of the VPC in random roles, most of them such as fit: a zone's, with tables that lead where they must. */
const named = fc
  .tuple(vpcs, common, fc.array(index, { minLength: 12, maxLength: 12 }), fc.nat({ max: 3 }))
  .map(([vpc, config, order, slip]) => {
    const roles: string[][] = [[], [], []];
    const shuffled = [...vpc.subnets].sort(
      (a, b) => order[vpc.subnets.indexOf(a)]! - order[vpc.subnets.indexOf(b)]!,
    );
    for (const group of Map.groupBy(shuffled, ({ zone }) => zone).values())
      if (group.length >= 3 || slip === 3)
        for (const [role, { id }] of group.slice(0, 3).entries()) roles[role]!.push(id);
    const [subnetIds, gatewaySubnetIds, balancerSubnetIds] = roles as [string[], string[], string[]];
    const tables = vpc.routeTables.map((table, i) => ({
      ...table,
      routes:
        gatewaySubnetIds.includes(subnetId(i)) || config.frontDoor === "eip" || (slip === 2 && i === 0)
          ? [{ cidr: "0.0.0.0/0", target: "igw-0123456789abcdef0" }]
          : [],
    }));
    const behind = [...subnetIds, ...balancerSubnetIds];
    const defaultRouteTableIds = vpc.subnets.flatMap(({ id, routeTableId }) =>
      behind.includes(id) ? [routeTableId!] : [],
    );
    return {
      vpc: { ...vpc, routeTables: tables },
      config: { ...config, vpcId: ID, subnetIds, gatewaySubnetIds, balancerSubnetIds, defaultRouteTableIds },
    };
  });

describe("in a generated VPC, a fleet is refused or no address of it is another's", () => {
  test.each([
    ["in CIDRs of the VPC", carved, 60],
    ["in subnets that exist", named, 40],
  ])("%s", (_, cases, least) => {
    let planned = 0;
    const refused = new Set<string>();
    fc.assert(
      fc.property(cases as typeof carved, ({ vpc, config }) => {
        let plan: Plan;
        try {
          plan = planIn(read(config), vpc);
        } catch (error) {
          if (error instanceof Refused)
            for (const { key } of error.mistakes) refused.add(key.replace(/\[.*/, ""));
          // What the config alone contradicts.
          else if (!(error instanceof Error && error.message.startsWith("["))) throw error;
          return;
        }
        planned++;
        expect(meeting(ranges(plan, vpc))).toEqual([]);
        for (const cidr of vpc.cidrs)
          expect(overlaps(parseCidr(cidr), parseCidr(plan.fleet.clientPool))).toBe(false);
        const names = plan.servers.map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
        expect(ZONES).toEqual(expect.arrayContaining(plan.fleet.zones.map(({ name }) => name)));
        expect(plan.fleet.region).toBe(REGION);
      }),
      { seed: 20_261_127, numRuns: 2000 },
    );
    // Otherwise the property would hold of nothing.
    expect(planned).toBeGreaterThan(least);
    expect([...refused]).toContain("clientPool");
  });
});

/** Two zones of subnets that exist, in all three roles, and their tables: a public one, and one a zone. */
const NAMED = {
  vpcId: ID,
  subnetIds: [subnetId(0), subnetId(1)],
  gatewaySubnetIds: [subnetId(2), subnetId(3)],
  balancerSubnetIds: [subnetId(4), subnetId(5)],
  defaultRouteTableIds: [tableId(1), tableId(2)],
};

function namedVpc(): VpcFacts {
  const subnet = (i: number, letter: string, table: number): SubnetFacts => ({
    ...{ id: subnetId(i), vpcId: ID, zone: REGION + letter, cidr: `10.20.${i}.0/28` },
    ...{ free: 11, ours: false, routeTableId: tableId(table) },
  });
  const subnets = [...[0, 0, 1, 1, 2, 2].keys()].map((i) =>
    subnet(i, "ab"[i % 2]!, i === 2 || i === 3 ? 0 : 1 + (i % 2)),
  );
  const table = (i: number, main: boolean): RouteTableFacts => ({
    ...{ id: tableId(i), vpcId: ID, main, routes: [] },
    subnetIds: subnets.flatMap(({ id, routeTableId }) => (routeTableId === tableId(i) ? [id] : [])),
  });
  const open = { ...table(0, true), routes: [{ cidr: "0.0.0.0/0", target: "igw-0123456789abcdef0" }] };
  return {
    ...{ id: ID, cidrs: ["10.20.0.0/16", "10.21.0.0/24"], zones: ZONES, subnets },
    routeTables: [open, table(1, false), table(2, false)],
  };
}

const eni = (letter: string, nic?: { ours: boolean; subnetId?: string }) => ({
  ...{ cidr: "0.0.0.0/0", target: `eni-${letter.repeat(17)}` },
  ...(nic === undefined ? {} : { nic }),
});
const changed = (i: number, change: Partial<RouteTableFacts>) => (vpc: VpcFacts) => {
  vpc.routeTables[i] = { ...vpc.routeTables[i]!, ...change };
};
const moved = (i: number, change: Partial<SubnetFacts>) => (vpc: VpcFacts) => {
  vpc.subnets[i] = { ...vpc.subnets[i]!, ...change };
};
const routed = (i: number, cidrs: string[] = []) => ({ mode: "routed", cidrs, routeTableIds: [tableId(i)] });

describe("subnets that exist", () => {
  test.each<[string, (vpc: VpcFacts) => void, object?]>([
    ["as they are", () => {}],
    [
      "after an update: the default route leads to the gateway",
      changed(1, { routes: [eni("a", { ours: false, subnetId: subnetId(2) })] }),
    ],
    ["after a gateway went by hand: its route leads nowhere", changed(1, { routes: [eni("a")] })],
    [
      "with routes to elsewhere beside",
      changed(1, { routes: [{ cidr: "192.168.0.0/16", target: "tgw-1" }] }),
    ],
    [
      "routed, after an update",
      changed(0, {
        routes: [
          { cidr: "0.0.0.0/0", target: "igw-1" },
          { ...eni("b", { ours: true }), cidr: "10.64.0.0/24" },
        ],
      }),
      { egress: routed(0) },
    ],
    [
      "routed, below a route to all of 10.0.0.0/8",
      changed(0, {
        routes: [
          { cidr: "0.0.0.0/0", target: "igw-1" },
          { cidr: "10.0.0.0/8", target: "tgw-1" },
        ],
      }),
      { egress: routed(0) },
    ],
    [
      "routed further than the VPC, with the gateways' table",
      () => {},
      { egress: routed(0, ["10.20.0.0/16", "192.168.7.0/24"]) },
    ],
  ])("%s, are good", (_, change, config = {}) => {
    const vpc = namedVpc();
    change(vpc);
    expect(told(read({ ...NAMED, ...config }), vpc)).toEqual([]);
  });

  test.each<[string, (vpc: VpcFacts) => void, RegExp, object?]>([
    [
      "one of another VPC",
      moved(2, { vpcId: "vpc-1" }),
      /^gatewaySubnetIds\[0\]: a subnet of vpc-0123456789abcdef0; this one is in vpc-1\n/,
    ],
    [
      "one of IPv6 only",
      (vpc) => {
        delete vpc.subnets[0]!.cidr;
      },
      /^subnetIds\[0\]: a subnet with IPv4 addresses/,
    ],
    [
      "two in one zone",
      moved(1, { zone: `${REGION}a` }),
      /^subnetIds\[1\]: one subnet a zone; there is another in us-east-1a/,
    ],
    [
      "one in a Wavelength Zone",
      moved(1, { zone: LOCAL[1]! }),
      /^subnetIds\[1\]: availability zones of the region.*us-east-1-wl1-bos-wlz-1 is a Local/,
    ],
    [
      "gateways in another zone than servers",
      moved(3, { zone: `${REGION}c` }),
      /^gatewaySubnetIds: a subnet in each zone of subnetIds; none is in us-east-1b\ngatewaySubnetIds: .*in us-east-1c/,
    ],
    [
      "a gateway's without a way to the internet",
      changed(0, { routes: [] }),
      /^gatewaySubnetIds: public subnets, .* there is none\n/,
    ],
    [
      "a gateway's behind a NAT gateway",
      changed(0, { routes: [{ cidr: "0.0.0.0/0", target: "nat-1" }] }),
      /^gatewaySubnetIds: public subnets, .* it leads to nat-1\n/,
    ],
    [
      "a server's with eip that leads nowhere",
      () => {},
      /^subnetIds: public subnets, .* there is none/,
      { frontDoor: "eip" },
    ],
    [
      "a balancer's that is nearly full",
      moved(4, { free: 7 }),
      /^balancerSubnetIds: subnets with 8 free addresses or more; this one has 7$/,
    ],
    [
      "a gateway's with room for one only",
      moved(2, { free: 1 }),
      /^gatewaySubnetIds: subnets with 2 free addresses or more; this one has 1$/,
    ],
    [
      "a server's whose table is the main one",
      moved(0, { routeTableId: tableId(0) }),
      /^defaultRouteTableIds: each route table of subnetIds and balancerSubnetIds/,
    ],
    [
      "a main table that is named",
      changed(1, { main: true }),
      /^defaultRouteTableIds\[0\]: tables of single subnets; this one is the VPC's main one/,
    ],
    [
      "a table that others use too",
      changed(2, { subnetIds: [subnetId(1), subnetId(5), "subnet-other"] }),
      /^defaultRouteTableIds\[1\]: tables that only .* use; subnet-other would be led to a gateway as well$/,
    ],
    [
      "one table for two zones",
      (vpc) => {
        for (const i of [1, 5]) moved(i, { routeTableId: tableId(1) })(vpc);
        changed(1, { subnetIds: [0, 1, 4, 5].map(subnetId) })(vpc);
      },
      /^defaultRouteTableIds\[0\]: tables of one zone each/,
      { defaultRouteTableIds: [tableId(1)] },
    ],
    [
      "a table that none of them has",
      changed(0, { main: false }),
      /^defaultRouteTableIds\[2\]: tables of subnetIds and balancerSubnetIds; none of these uses this one$/,
      { defaultRouteTableIds: [...NAMED.defaultRouteTableIds, tableId(0)].slice(0, 3) },
    ],
    [
      "a table with another's default route",
      changed(1, { routes: [{ cidr: "0.0.0.0/0", target: "nat-1" }] }),
      /^defaultRouteTableIds\[0\]: tables without a default route.* leads to nat-1$/,
    ],
    [
      "a table that leads to somebody's interface",
      changed(1, { routes: [eni("c", { ours: false, subnetId: "subnet-other" })] }),
      /^defaultRouteTableIds\[0\]: tables without a default route.* leads to eni-c+$/,
    ],
    [
      "a clients' pool in the second CIDR",
      () => {},
      /^clientPool: addresses outside vpc-0123456789abcdef0, which has 10.20.0.0\/16, 10.21.0.0\/24/,
      { clientPool: "10.21.0.0/20" },
    ],
    [
      "a table that leads into the pool",
      changed(0, {
        routes: [
          { cidr: "0.0.0.0/0", target: "igw-1" },
          { cidr: "10.64.0.0/16", target: "pcx-1" },
        ],
      }),
      /^egress.routeTableIds\[0\]: a table without routes into clientPool, 10.64.0.0\/14; 10.64.0.0\/16 leads to pcx-1$/,
      { egress: routed(0) },
    ],
    [
      "a table that leads to another fleet's clients",
      changed(0, {
        routes: [
          { cidr: "0.0.0.0/0", target: "igw-1" },
          { ...eni("d", { ours: false }), cidr: "10.64.1.0/24" },
        ],
      }),
      /^egress.routeTableIds\[0\]: .*10.64.1.0\/24 leads to eni-d+$/,
      { egress: routed(0) },
    ],
    [
      "clients' table of another VPC",
      changed(0, { vpcId: "vpc-1" }),
      /egress.routeTableIds\[0\]: a route table of vpc-0123456789abcdef0; this one is in vpc-1$/,
      { egress: routed(0) },
    ],
    [
      "clients who reach further than the VPC without a way back",
      () => {},
      /^egress.routeTableIds: the route tables of gatewaySubnetIds too/,
      { egress: routed(1, ["192.168.7.0/24"]) },
    ],
  ])("%s: refused", (_, change, message, config = {}) => {
    const vpc = namedVpc();
    change(vpc);
    expect(told(read({ ...NAMED, ...config }), vpc).join("\n")).toMatch(message);
  });
});

describe("CIDRs of the VPC", () => {
  const CARVED = { vpcId: ID, zones: [`${REGION}a`], subnetCidrs: ["10.20.128.0/24"] };
  const vpc = (...subnets: Partial<SubnetFacts>[]): VpcFacts => ({
    ...namedVpc(),
    internetGatewayId: "igw-0123456789abcdef0",
    routeTables: [],
    subnets: subnets.map((each, i) => ({
      id: subnetId(i),
      vpcId: ID,
      zone: `${REGION}a`,
      free: 0,
      ours: true,
      ...each,
    })),
  });

  test("that are free, or hold what an earlier update made there, are good", () => {
    expect(told(read(CARVED), vpc())).toEqual([]);
    const made = ["10.20.128.0/25", "10.20.128.128/28", "10.20.128.144/28"].map((cidr) => ({ cidr }));
    expect(told(read(CARVED), vpc(...made, { cidr: "10.20.129.0/24", ours: false }, {}))).toEqual([]);
  });

  test.each<[string, VpcFacts, RegExp, object?]>([
    [
      "outside",
      vpc(),
      /^subnetCidrs\[0\]: a CIDR within vpc-0123456789abcdef0/,
      { subnetCidrs: ["10.22.0.0/24"] },
    ],
    [
      "reaching over the end of one",
      vpc(),
      /^subnetCidrs\[0\]: a CIDR within/,
      { subnetCidrs: ["10.21.0.0/23"] },
    ],
    [
      "with somebody's subnet in it",
      vpc({ cidr: "10.20.128.64/28", ours: false }),
      /^subnetCidrs\[0\]: a free CIDR; 10.20.128.64\/28 is subnet-0+'s$/,
    ],
    ["in somebody's subnet", vpc({ cidr: "10.20.128.0/20", ours: false }), /^subnetCidrs\[0\]: a free CIDR/],
    [
      "where the stack's own of another size still is",
      vpc({ cidr: "10.20.128.0/26" }),
      /^subnetCidrs\[0\]: a CIDR apart from the stack's own subnet-0+, 10.20.128.0\/26 in us-east-1a/,
    ],
    [
      "where the stack's own of another zone still is",
      vpc({ cidr: "10.20.128.0/25", zone: `${REGION}b` }),
      /^subnetCidrs\[0\]: a CIDR apart from the stack's own/,
    ],
    [
      "for a Local Zone by name",
      { ...vpc(), zones: [`${REGION}b`] },
      /^zones\[0\]: availability zones of the region, us-east-1b; us-east-1a is/,
    ],
  ])("%s: refused", (_, facts, message, config = {}) => {
    expect(told(read({ ...CARVED, ...config }), facts).join("\n")).toMatch(message);
  });
});
