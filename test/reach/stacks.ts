/** Stacks of every kind, the same each time. */
import fc from "fast-check";
import type { Config } from "../program/run.ts";
import { ED25519 } from "../settings/keys.ts";

/** As many as the tests work out. */
const COUNT = 50;

/** Where one may dial, administer or be reached from: private and public, inside of each other, and in every VPC and pool. */
const PRIVATE = [
  "10.0.0.0/8",
  "10.42.0.0/16",
  "10.42.16.0/20",
  "10.42.7.9/32",
  "10.20.0.0/16",
  "10.20.1.0/24",
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
const EXISTING = {
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
};

const some = (of: string[], minLength: number) =>
  fc.uniqueArray(fc.constantFrom(...of), { minLength, maxLength: 4 });

const place = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      frontDoor: fc.constantFrom("nlb", "nlb", "eip"),
      vpcCidr: fc.constantFrom("10.42.0.0/16", "172.20.0.0/16", "100.64.20.0/22"),
      zones: fc.constantFrom(["a"], ["a", "b"], ["b", "a", "c"]),
    }),
  },
  { weight: 1, arbitrary: fc.record({ frontDoor: fc.constant("eip"), existing: fc.constant(true) }) },
);

const stack = fc
  .record({
    place,
    servers: fc.integer({ min: 1, max: 3 }),
    mode: fc.constantFrom("nat", "nat", "routed", "routed", "routed", "none"),
    inner: some(PRIVATE, 0),
    outer: some(ALL, 0),
    clientToClient: fc.boolean(),
    allowedCidrs: some(ALL, 1),
    adminCidrs: fc.oneof(fc.constant([]), some(ALL, 1)),
    resolvers: fc.constantFrom([], ["10.9.8.53"], ["192.168.200.53", "10.42.7.9"]),
    conntrack: fc.constantFrom("bypass", "track"),
    sessionsPerServer: fc.constantFrom(60, 250),
  })
  .map(({ place, mode, inner, outer, clientToClient, adminCidrs, resolvers, conntrack, ...rest }): Config => {
    const existing = "existing" in place;
    const cidrs = { nat: outer, routed: inner, none: [] }[mode]!;
    const tables = existing && mode === "routed" ? { routeTableIds: ["rtb-0123456789abcdef0"] } : {};
    return {
      ...rest,
      frontDoor: place.frontDoor,
      ...(existing
        ? EXISTING
        : { vpcCidr: place.vpcCidr, zones: place.zones.map((each) => `eu-west-1${each}`) }),
      egress: { mode, cidrs, clientToClient, ...tables },
      dns: mode === "none" ? [] : resolvers,
      conntrack: { mode: conntrack },
      adminCidrs,
      sshPublicKeys: adminCidrs.length === 0 ? [] : [ED25519],
    };
  });

export const stacks: Config[] = fc.sample(stack, { seed: 20_261_127, numRuns: COUNT });
