/** Stacks of every kind, the same each time. */
import fc from "fast-check";
import type { Config } from "../program/run.ts";
import { CARVED, NAMED, PUBLIC as NAMED_PUBLIC } from "../shared/existing-vpc.ts";
import { ED25519 } from "../shared/public-keys.ts";

/** Stacks of each kind. */
const COUNT = 3;

/** Where one may dial, administer or be reached from: private and public, inside of each other, and in every VPC and pool. */
const PRIVATE = [
  "10.0.0.0/8",
  "10.42.0.0/16",
  "10.42.16.0/20",
  "10.42.7.9/32",
  "10.20.0.0/16",
  "10.20.1.0/24",
  "10.20.2.0/28",
  "10.20.128.0/24",
  "10.21.0.0/24",
  "10.64.0.0/14",
  "10.65.3.0/24",
  "10.9.0.0/16",
  "10.9.8.0/24",
  "172.16.0.0/12",
  "172.20.0.0/16",
  "192.168.7.0/24",
  "100.64.0.0/10",
  "100.64.20.0/22",
];
const PUBLIC = ["0.0.0.0/0", "198.51.100.0/24", "198.51.100.64/26", "203.0.113.7/32", "128.0.0.0/1"];
const ALL = [...PRIVATE, ...PUBLIC];

const some = (of: string[], minLength: number) =>
  fc.uniqueArray(fc.constantFrom(...of), { minLength, maxLength: 4 });

const DOORS = ["nlb", "eip"] as const;
const MODES = ["nat", "routed", "none"] as const;
/** Tables of masters, and of these and the named gateways. */
const MASTERS = ["rtb-0123456789abcdef4"];
const TABLES = [MASTERS, [...MASTERS, "rtb-0123456789abcdef1"]];

/** The same zones of each list. */
const zonesOf = (lists: Config, zones: number[]): Config =>
  Object.fromEntries(
    Object.entries(lists).map(([key, value]) => [
      key,
      Array.isArray(value) ? zones.map((zone) => value[zone]) : value,
    ]),
  );
const twoZones = fc.constantFrom<number[][]>([0], [1], [0, 1], [1, 0]);

const PLACES = {
  "a VPC of its own": () =>
    fc.record({
      vpcCidr: fc.constantFrom("10.42.0.0/16", "172.20.0.0/16", "100.64.20.0/22"),
      zones: fc.constantFrom(
        ["eu-west-1a"],
        ["eu-west-1a", "eu-west-1b"],
        [..."bac"].map((z) => `eu-west-1${z}`),
      ),
    }),
  "free CIDRs": () => twoZones.map((zones) => zonesOf(CARVED, zones)),
  "named subnets": (frontDoor: (typeof DOORS)[number]) =>
    fc
      .record({ zones: twoZones, unread: fc.boolean() })
      .map(({ zones, unread }) =>
        zonesOf(frontDoor === "nlb" ? NAMED : { ...(unread ? NAMED : {}), ...NAMED_PUBLIC }, zones),
      ),
};
type Place = keyof typeof PLACES;

interface Kind {
  frontDoor: (typeof DOORS)[number];
  place: Place;
  mode: (typeof MODES)[number];
}

const stackOf = ({ frontDoor, place, mode }: Kind) =>
  fc
    .record({
      where: PLACES[place](frontDoor) as fc.Arbitrary<Config>,
      servers: fc.integer({ min: 1, max: 3 }),
      // Empty: the whole VPC.
      inner: fc.oneof(fc.constant([]), some(PRIVATE, 1)),
      outer: some(ALL, 0),
      clientToClient: fc.boolean(),
      routeTableIds: fc.constantFrom(...TABLES),
      allowedCidrs: some(ALL, 1),
      adminCidrs: fc.oneof(fc.constant([]), some(ALL, 1)),
      resolvers: fc.constantFrom([], ["10.9.8.53"], ["192.168.200.53", "10.42.7.9"]),
      conntrack: fc.constantFrom("bypass", "track"),
      sessionsPerServer: fc.constantFrom(60, 250),
    })
    .map(({ where, inner, outer, clientToClient, routeTableIds, resolvers, conntrack, ...rest }): Config => {
      const cidrs = { nat: outer, routed: inner, none: [] }[mode];
      const tables = mode === "routed" && "vpcId" in where ? { routeTableIds } : {};
      return {
        ...rest,
        ...where,
        frontDoor,
        egress: { mode, cidrs, clientToClient, ...tables },
        dns: mode === "none" ? [] : resolvers,
        conntrack: { mode: conntrack },
        sshPublicKeys: rest.adminCidrs.length === 0 ? [] : [ED25519],
      };
    });

const kinds = DOORS.flatMap((frontDoor) =>
  (Object.keys(PLACES) as Place[]).flatMap((place) =>
    MODES.map((mode): Kind => ({ frontDoor, place, mode })),
  ),
);

export interface Stack extends Kind {
  number: number;
  config: Config;
}

export const stacks = kinds
  .flatMap((kind, i) =>
    fc.sample(stackOf(kind), { seed: 20_261_127 + i, numRuns: COUNT }).map((config) => ({ ...kind, config })),
  )
  .map((each, i): Stack => ({ number: i + 1, ...each }));
