/** Whatever is asked for either fits, or is refused: nothing lies outside of its network or inside of another's. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { serverSubnet } from "../../../plan/place/addresses.ts";
import { zoneIndex } from "../../../plan/place/identity.ts";
import { roomMistakes } from "../../../plan/place/room.ts";
import { makePlan } from "../../../plan/plan.ts";
import { contains, formatCidr, network, parseAddress, parseCidr } from "../../../settings/ipv4.ts";
import { readSettings } from "../../../settings/read.ts";
import type { Settings } from "../../../settings/schema.ts";
import { givenFacts, givenSettings } from "../../shared/given.ts";

const asked = fc.record({
  servers: fc.integer({ min: 1, max: 400 }),
  sessionsPerServer: fc.integer({ min: 1, max: 500 }),
  poolPrefix: fc.integer({ min: 8, max: 28 }),
  vpcPrefix: fc.integer({ min: 16, max: 23 }),
  zones: fc.uniqueArray(fc.constantFrom(..."abcdefgh"), { minLength: 1 }).map((letters) => letters.join("")),
});

test("every server has its own place inside the networks, or the lack of it is told", () => {
  let fitted = 0;
  let refused = 0;
  fc.assert(
    fc.property(asked, ({ servers, sessionsPerServer, poolPrefix, vpcPrefix, zones }) => {
      const vpc = network(parseAddress("172.16.0.0"), vpcPrefix);
      const clientPool = network(parseAddress("10.0.0.0"), poolPrefix);
      const facts = givenFacts(zones);
      for (const zone of facts.zones) zone.subnetCidr = formatCidr(serverSubnet(vpc, zoneIndex(zone.name)));
      const settings = givenSettings({
        frontDoor: "eip",
        servers,
        sessionsPerServer,
        clientPool: formatCidr(clientPool),
      });
      if (roomMistakes(settings, facts).length > 0) {
        refused++;
        return;
      }
      fitted++;
      const plan = makePlan(settings, facts, "dev");
      const addresses = plan.servers.map((server) => parseAddress(server.privateAddress));
      expect(new Set(addresses).size).toBe(servers);
      for (const address of addresses) expect(contains(vpc, { base: address, prefix: 32 })).toBe(true);
      const shares = plan.servers.map((server) => parseCidr(server.clientPool.share));
      for (const share of shares) expect(contains(clientPool, share)).toBe(true);
      expect(new Set(shares.map((share) => share.base)).size).toBe(servers);
    }),
    { numRuns: 300, seed: 1 },
  );
  // Both ends of the question were met.
  expect([fitted > 20, refused > 20]).toEqual([true, true]);
});

test("behind gateways a zone holds 62 servers, behind Elastic IPs as many as its subnet", () => {
  const lacks = (servers: number, frontDoor: "nlb" | "eip", letters: string) =>
    roomMistakes(givenSettings({ servers, frontDoor, clientPool: "10.128.0.0/9" }), givenFacts(letters)).map(
      ({ key }) => key,
    );
  expect([lacks(62, "nlb", "a"), lacks(63, "nlb", "a"), lacks(63, "eip", "a")]).toEqual([
    [],
    ["servers"],
    [],
  ]);
  expect([lacks(124, "nlb", "ab"), lacks(125, "nlb", "ab")]).toEqual([[], ["servers"]]);
});

/** Each fix of a mistake as the settings that it names; texts that name none are left out. */
function ways(fix: string): Partial<Settings>[] {
  const number = (text: string) => (/^[0-9]+$/.test(text) ? Number(text) : text);
  return fix.split(", or ").flatMap((way) => {
    const named = [
      ...way.matchAll(/pptp-fleet:(servers|sessionsPerServer|clientPool|vpcCidr|frontDoor) (\w[\w./]*)/g),
    ];
    return named.length === 0
      ? []
      : [Object.fromEntries(named.map(([, key, value]) => [key, number(value!)]))];
  });
}

/** Whether a config is allowed by itself: what a fix names must be. */
function allowed(settings: Partial<Settings>): boolean {
  const raw = Object.entries(settings).map(([key, value]) => [key, String(value)]);
  const read = readSettings({ allowedCidrs: '["198.51.100.0/24"]', ...Object.fromEntries(raw) }, new Set());
  return "settings" in read;
}

/** The facts of a VPC of our own. */
function factsOf(zones: string, vpcCidr: string) {
  const facts = { ...givenFacts(zones), vpcCidr };
  for (const zone of facts.zones)
    zone.subnetCidr = formatCidr(serverSubnet(parseCidr(vpcCidr), zoneIndex(zone.name)));
  return facts;
}

test("each fix of a lack of room is allowed, and leads out of it", () => {
  const seen = new Set<string>();
  const large = asked.chain((one) =>
    fc.record({
      one: fc.constant(one),
      servers: fc.integer({ min: 1, max: 10_000 }),
      frontDoor: fc.constantFrom("nlb" as const, "eip" as const),
      vpc: fc.constantFrom("10.0.0.0", "10.192.0.0", "172.16.0.0", "192.168.0.0"),
    }),
  );
  fc.assert(
    fc.property(large, ({ one, servers, frontDoor, vpc }) => {
      const vpcCidr = formatCidr(network(parseAddress(vpc), one.vpcPrefix));
      const clientPool = formatCidr(network(parseAddress("10.64.0.0"), Math.max(10, one.poolPrefix)));
      const { sessionsPerServer, zones } = one;
      const given = { servers, sessionsPerServer, clientPool, vpcCidr, frontDoor };
      for (const { key, fix, allowed: texts } of roomMistakes(
        givenSettings(given),
        factsOf(zones, vpcCidr),
      )) {
        const named = ways(fix);
        expect(named.length > 0 || fix.includes("in another stack"), fix).toBe(true);
        for (const way of named) {
          seen.add(`${key}: ${Object.keys(way)}`);
          const next = { ...given, ...way };
          expect(allowed(next), fix).toBe(true);
          const left = roomMistakes(givenSettings(next), factsOf(zones, next.vpcCidr));
          // Of the same kind: a zone may still be too small for what the pool has room for.
          expect(left.filter((each) => each.key === key && kindOf(each.allowed) === kindOf(texts))).toEqual(
            [],
          );
        }
      }
    }),
    { numRuns: 60, seed: 1 },
  );
  for (const kind of [
    "clientPool: clientPool",
    "clientPool: clientPool,vpcCidr",
    "clientPool: servers,clientPool",
  ])
    expect(
      [...seen].some((each) => each === kind || each.split(",").toSorted().join() === kind),
      kind,
    ).toBe(true);
});

/** Which of the lacks: a message without its numbers. */
const kindOf = (allowed: string) => allowed.replace(/[0-9./]+|eu-west-1[a-h]/g, "#");
