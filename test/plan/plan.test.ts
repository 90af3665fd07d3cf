import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { callIds } from "../../plan/place/call-ids.ts";
import { roomMistakes } from "../../plan/place/room.ts";
import { makePlan } from "../../plan/plan.ts";
import { CALL_IDS_PER_SERVER, POSITIONS } from "../../protocols/pptp/call-ids.ts";
import { contains, overlaps, parseAddress, parseCidr } from "../../settings/ipv4.ts";
import { settingsSchema } from "../../settings/schema.ts";
import { givenFacts, givenSettings } from "../shared/given.ts";

const plan = (servers: number, letters = "ab") =>
  makePlan(givenSettings({ servers }), givenFacts(letters), "dev");

describe("a plan", () => {
  test("gives a server its address, its share and its call IDs by zone and position", () => {
    expect(plan(3).servers[2]).toEqual({
      name: "a-2",
      zone: "eu-west-1a",
      position: 2,
      privateAddress: "10.42.0.5",
      clientPool: { share: "10.64.8.0/24", local: "10.64.8.1", remote: ["10.64.8.2-251"] },
      callIds: { first: 2048, last: 3071 },
    });
  });

  test("keeps every server as it was when one is added", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.constantFrom("a", "ab", "abc", "cad"),
        (n, letters) => {
          expect(plan(n + 1, letters).servers.slice(0, n)).toEqual(plan(n, letters).servers);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("keeps the servers that stay as they were when a zone is added", () => {
    const before = new Map(plan(6, "ab").servers.map((server) => [server.name, server]));
    const stay = plan(6, "abc").servers.filter((server) => before.has(server.name));
    expect(stay.map((server) => server.name)).toEqual(["a-1", "b-1", "a-2", "b-2"]);
    for (const server of stay) expect(server).toEqual(before.get(server.name));
  });

  test("has no address, no share and no zone's call-ID range twice", () => {
    const { servers } = plan(120, "abc");
    const shares = servers.map((server) => parseCidr(server.clientPool.share));
    expect(new Set(servers.map((server) => server.privateAddress)).size).toBe(120);
    expect(shares.some((a, i) => shares.some((b, j) => i < j && overlaps(a, b)))).toBe(false);
    const ranges = servers.map((server) => `${server.zone} ${server.callIds.first}`);
    expect(new Set(ranges).size).toBe(120);
  });

  test("puts each server into its zone's subnet, past the four addresses that AWS keeps", () => {
    const { fleet, servers } = plan(50, "abc");
    for (const server of servers) {
      const subnet = parseCidr(fleet.zones.find((zone) => zone.name === server.zone)!.subnetCidr);
      const address = parseAddress(server.privateAddress);
      expect(contains(subnet, { base: address, prefix: 32 })).toBe(true);
      expect(address - subnet.base).toBeGreaterThanOrEqual(4);
    }
  });

  test("holds no name and no password of an account", () => {
    const users = [{ name: "plc-seven", password: "correct horse" }];
    const text = JSON.stringify(makePlan(givenSettings({ users }), givenFacts(), "dev"));
    expect(text).not.toMatch(/plc-seven|correct horse/);
    expect(JSON.parse(text).fleet.accounts).toBe(1);
  });
});

describe("call IDs", () => {
  test("have the position in their top six bits, 1 to 62", () => {
    expect([callIds(1), callIds(62)]).toEqual([
      { first: 0x0400, last: 0x07ff },
      { first: 0xf800, last: 0xfbff },
    ]);
  });

  test("are more than the sessions that a server may be asked for, and cover all 62 positions without a gap", () => {
    const most = settingsSchema.shape.sessionsPerServer.unwrap().maxValue!;
    expect(most).toBeLessThan(CALL_IDS_PER_SERVER);
    for (let position = 1; position < POSITIONS; position++)
      expect(callIds(position + 1).first).toBe(callIds(position).last + 1);
  });

  test("repeat past 62, where Elastic IPs tell servers apart", () => {
    expect(callIds(63)).toEqual(callIds(1));
  });
});

describe("lack of room", () => {
  test("is none for what fits", () => {
    expect(roomMistakes(givenSettings({ servers: 100 }), givenFacts())).toEqual([]);
  });

  test("in the clients' pool is told with the size that would do", () => {
    const settings = givenSettings({ servers: 3, clientPool: "10.99.0.0/22" });
    expect(roomMistakes(settings, givenFacts())).toEqual([
      {
        key: "clientPool",
        value: '"10.99.0.0/22"',
        allowed:
          "room for 9 shares of a /24 (pptp-fleet:sessionsPerServer 250; eight zones at each position, so that " +
          "no share ever moves); it holds 4",
        fix:
          "pulumi config set pptp-fleet:clientPool 10.99.0.0/20, or pptp-fleet:sessionsPerServer 62, " +
          "or pptp-fleet:servers 2, the rest in another stack",
      },
    ]);
  });

  test("the size that is told does fit", () => {
    const settings = givenSettings({ servers: 3, clientPool: "10.96.0.0/20" });
    expect(roomMistakes(settings, givenFacts())).toEqual([]);
  });

  test("in a zone's subnet is told with how many it holds", () => {
    const facts = givenFacts("a");
    facts.zones[0]!.subnetCidr = "10.42.0.0/28";
    expect(roomMistakes(givenSettings({ servers: 12 }), facts)).toMatchObject([
      { key: "servers", value: "12", allowed: expect.stringContaining("11 servers in eu-west-1a") },
    ]);
    expect(roomMistakes(givenSettings({ servers: 11 }), facts)).toEqual([]);
  });
});
