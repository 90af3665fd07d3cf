/** Whatever is asked for either fits, or is refused: nothing lies outside of its network or inside of another's. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { serverSubnet } from "../../plan/addresses.ts";
import { zoneIndex } from "../../plan/identity.ts";
import { makePlan } from "../../plan/plan.ts";
import { lackOfRoom } from "../../plan/room.ts";
import { contains, formatCidr, network, parseAddress, parseCidr } from "../../settings/ipv4.ts";
import { givenSettings, givenSite } from "../given.ts";

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
      const site = givenSite(zones);
      for (const zone of site.zones) zone.subnetCidr = formatCidr(serverSubnet(vpc, zoneIndex(zone.name)));
      const settings = givenSettings({
        frontDoor: "eip",
        servers,
        sessionsPerServer,
        clientPool: formatCidr(clientPool),
      });
      if (lackOfRoom(settings, site).length > 0) {
        refused++;
        return;
      }
      fitted++;
      const plan = makePlan(settings, site, "dev");
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
    lackOfRoom(givenSettings({ servers, frontDoor, clientPool: "10.128.0.0/9" }), givenSite(letters)).map(
      ({ key }) => key,
    );
  expect([lacks(62, "nlb", "a"), lacks(63, "nlb", "a"), lacks(63, "eip", "a")]).toEqual([
    [],
    ["servers"],
    [],
  ]);
  expect([lacks(124, "nlb", "ab"), lacks(125, "nlb", "ab")]).toEqual([[], ["servers"]]);
});
