/** What a gateway's rules hold: its zone's servers, present and future, and no other's. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { serverSubnet, subnetsOf, zoneBlock } from "../../../plan/place/addresses.ts";
import { makePlan } from "../../../plan/plan.ts";
import { contains, network, overlaps, parseAddress, parseCidr } from "../../../settings/ipv4.ts";
import { givenFacts, givenSettings } from "../../shared/given.ts";

const plan = (changes: Parameters<typeof givenSettings>[0] = {}, letters = "ab") =>
  makePlan(givenSettings(changes), givenFacts(letters), "dev");

test("with Elastic IPs there are none", () => {
  expect(plan({ frontDoor: "eip" }).gateways).toEqual([]);
});

describe("a zone's gateway", () => {
  test("knows all 62 positions with their call IDs and addresses, whatever the fleet has now", () => {
    const { servers } = plan({ servers: 1 }).gateways[1]!;
    expect(servers).toHaveLength(62);
    expect(servers[0]).toEqual({ first: 0x0400, last: 0x07ff, address: "10.42.32.4" });
    expect(servers[61]).toEqual({ first: 0xf800, last: 0xfbff, address: "10.42.32.65" });
    for (const [i, { first }] of servers.slice(1).entries()) expect(first).toBe(servers[i]!.last + 1);
  });

  test("names each server of the zone as the server's own plan does", () => {
    const { servers, gateways } = plan({ servers: 124, clientPool: "10.128.0.0/9" });
    for (const { zone, position, callIds, privateAddress } of servers) {
      const gateway = gateways.find((each) => each.zone === zone)!;
      expect(gateway.servers[position - 1]).toEqual({ ...callIds, address: privateAddress });
    }
  });

  test("is the same for any number of servers, and when a zone is added", () => {
    expect(plan({ servers: 9 }, "abc").gateways.slice(0, 2)).toEqual(plan({ servers: 2 }).gateways);
  });

  test("knows no more positions than its subnet has addresses", () => {
    const facts = givenFacts("a");
    facts.vpcCidr = "10.42.0.0/23";
    facts.zones[0]!.subnetCidr = "10.42.0.0/27";
    expect(makePlan(givenSettings(), facts, "dev").gateways[0]!.servers).toHaveLength(27);
  });

  test("speaks for clients too where they keep their addresses", () => {
    const own = (mode: "nat" | "routed" | "none") =>
      plan({ egress: { ...givenSettings().egress, mode } }).gateways[0]!.own;
    expect([own("nat"), own("none"), own("routed")]).toEqual([
      ["10.42.0.0/20"],
      ["10.42.0.0/20"],
      ["10.42.0.0/20", "10.64.0.0/14"],
    ]);
  });
});

test("no subnet of a VPC meets another, in any size of VPC and any zone", () => {
  const sizes = fc.integer({ min: 16, max: 23 });
  fc.assert(
    fc.property(sizes, (prefix) => {
      const vpc = network(parseAddress("172.16.0.0"), prefix);
      const all = Array.from({ length: 8 }, (_, zone) => [
        serverSubnet(vpc, zone),
        subnetsOf(zoneBlock(vpc, zone)).balancer,
        subnetsOf(zoneBlock(vpc, zone)).gateway,
      ]).flat();
      for (const [i, one] of all.entries()) {
        expect(contains(vpc, one)).toBe(true);
        for (const other of all.slice(i + 1)) expect(overlaps(one, other)).toBe(false);
      }
    }),
  );
  expect(overlaps(parseCidr("10.42.0.0/20"), parseCidr("10.42.8.0/24"))).toBe(true);
});
