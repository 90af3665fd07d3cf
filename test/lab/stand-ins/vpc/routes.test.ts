/** Route tables and the internet gateway: who gets a packet, under which address, and who does not. */

import { beforeAll, describe, expect, test } from "vitest";
import { GRE, gre, hex, ICMP, type Packet } from "../../shared/gateway-traffic.ts";
import { ADDRESS, B1_PUBLIC, type Change, NOBODYS, sampleVpc, withEni, withRoutes } from "./sample-vpc.ts";
import {
  BRIEF,
  CLIENT,
  call,
  datagram,
  during,
  outsideDrops,
  routerCounts,
  seenWhile,
  sends,
  sharedTestbed,
} from "./shared-testbed.ts";

const [A1, A2, B1, B2, C1] = [ADDRESS["a-1"], ADDRESS["a-2"], ADDRESS["b-1"], ADDRESS["b-2"], ADDRESS["c-1"]];

beforeAll(async () => {
  await sharedTestbed();
});

/** Which of `places` a packet reaches. */
async function reached(from: string, packet: Packet, ...places: string[]): Promise<string[]> {
  const seen = await sends(from, [packet], ...places);
  return places.filter((_, i) => seen[i]!.length > 0);
}

/** What the router drops while `work` runs. */
async function dropped(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await routerCounts();
  await work();
  return Object.fromEntries(
    Object.entries(await routerCounts()).map(([key, value]) => [key, value - before[key]!]),
  );
}

describe("a route table", () => {
  const outside = (from: keyof typeof ADDRESS) =>
    reached(from, datagram(ADDRESS[from], CLIENT), "gateway-a", "b-1", "client");
  const toInternet = { destination: "0.0.0.0/0", via: { internetGateway: true } } as const;

  test("is the sender's subnet's: one leads to an interface, the other to the internet gateway", async () => {
    expect(await outside("a-1")).toEqual(["gateway-a"]);
    expect(await outside("b-1")).toEqual(["client"]);
  });

  test("leads to another place as soon as its route does, and back", async () => {
    const counts = await dropped(() =>
      during([withRoutes("by-gateway", toInternet)], async () => expect(await outside("a-1")).toEqual([])),
    );
    expect(counts.no_public_address).toBe(1);
    expect(await outside("a-1")).toEqual(["gateway-a"]);
  });

  test("has the VPC's own addresses first, whatever its routes are", async () => {
    expect(await reached("a-1", datagram(A1, B1), "gateway-a", "b-1")).toEqual(["b-1"]);
    const taken: Change = withRoutes("by-gateway", {
      destination: "10.0.0.0/8",
      via: { networkInterface: "eni-gateway-a" },
    });
    await during([taken], async () =>
      expect(await reached("a-1", datagram(A1, B1), "gateway-a", "b-1")).toEqual(["b-1"]),
    );
  });

  test("that is nobody's has local routes only", async () => {
    const counts = await dropped(async () => {
      expect(await reached("c-1", datagram(C1, A1), "a-1")).toEqual(["a-1"]);
      expect(await outside("c-1")).toEqual([]);
    });
    // It has not come as far as the internet gateway.
    expect(counts.no_public_address).toBe(0);
    const { subnet } = sampleVpc().interfaces.find(({ name }) => name === "c-1")!;
    await during([withEni("c-1", { subnet: { ...subnet, routeTable: "by-gateway" } })], async () =>
      expect(await outside("c-1")).toEqual(["gateway-a"]),
    );
  });

  test("whose route leads to an interface that is gone drops what would take it, and no more", () =>
    during(
      [withRoutes("by-gateway", { destination: "0.0.0.0/0", via: { networkInterface: "eni-gone" } })],
      async () => {
        const counts = await dropped(async () => expect(await outside("a-1")).toEqual([]));
        expect(counts.no_public_address).toBe(0);
        expect(await reached("a-1", datagram(A1, A2), "a-2")).toEqual(["a-2"]);
        expect(await outside("b-1")).toEqual(["client"]);
      },
    ));
});

describe("the internet gateway", () => {
  test.each([
    ["GRE", GRE],
    ["ICMP", ICMP],
    ["UDP", 17],
    ["a protocol that nobody knows", 253],
  ])("puts the private address in the public one's place and back: %s", async (_, protocol) => {
    const payload = protocol === ICMP ? "0d00f2fe00010000" : datagram("", "").payload;
    const [inside] = await sends(
      "client",
      [{ source: CLIENT, destination: B1_PUBLIC, protocol, payload }],
      "b-1",
    );
    expect(inside).toMatchObject([{ source: CLIENT, destination: B1, protocol }]);
    const [outside] = await sends("b-1", [{ source: B1, destination: CLIENT, protocol, payload }], "client");
    expect(outside).toMatchObject([{ source: B1_PUBLIC, destination: CLIENT, protocol }]);
  });

  test("keeps no state: nobody has to begin", async () => {
    const none = withEni("b-1", { egress: [] });
    await during([none], async () =>
      expect(await reached("client", datagram(CLIENT, B1_PUBLIC), "b-1")).toEqual(["b-1"]),
    );
  });

  test("drops what comes from an address without a public one, counted, until it has one", async () => {
    const leave = () => reached("b-2", datagram(B2, CLIENT), "client");
    const counts = await dropped(async () => expect(await leave()).toEqual([]));
    expect(counts).toEqual({ no_public_address: 1, unknown_public_address: 0, private_source: 0 });
    await during([withEni("b-2", { publicAddress: "198.18.0.3" })], async () =>
      expect(await leave()).toEqual(["client"]),
    );
  });

  test("drops what is for a public address that nobody has, counted, until somebody has it", async () => {
    const enter = () => reached("client", datagram(CLIENT, NOBODYS), "gateway-a", "b-1", "b-2");
    const counts = await dropped(async () => expect(await enter()).toEqual([]));
    expect(counts).toEqual({ no_public_address: 0, unknown_public_address: 1, private_source: 0 });
    await during([withEni("b-2", { publicAddress: NOBODYS })], async () =>
      expect(await enter()).toEqual(["b-2"]),
    );
  });

  test("lets nobody on the internet reach a private address: such packets are dropped and counted", async () => {
    const before = await outsideDrops();
    expect(await reached("client", datagram(CLIENT, B1), "b-1")).toEqual([]);
    expect(await call({ from: "client", to: B1, patience: BRIEF })).toEqual(["nothing"]);
    expect((await outsideDrops()) - before).toBeGreaterThanOrEqual(2);
    // The same machine by its public address.
    expect(await call({ from: "client", to: B1_PUBLIC })).toEqual([`b-1 ${CLIENT}`]);
  });
});

describe("1500 bytes and no more leave by the internet gateway", () => {
  const large = (df: boolean): Packet => ({
    source: B1,
    destination: CLIENT,
    protocol: GRE,
    payload: gre(7, 3000),
    df,
  });

  test("what is larger arrives in pieces", async () => {
    const [pieces] = await sends("b-1", [large(false)], "client");
    expect(pieces!.length).toBeGreaterThan(1);
    for (const { payload } of pieces!) expect(20 + payload.length / 2).toBeLessThanOrEqual(1500);
  });

  test("what may not be cut is answered with what fits, and does not arrive", async () => {
    const packet = large(true);
    const [client, sender] = await seenWhile("b-1", [packet], ["client", "b-1"]);
    expect(client!.filter(({ protocol }) => protocol === GRE)).toEqual([]);
    // Type 3, code 4, and the MTU (RFC 1191, 4).
    const answers = sender!.filter(({ protocol }) => protocol === ICMP).map(({ payload }) => payload);
    expect(answers).toEqual([expect.stringMatching(new RegExp(`^0304.{4}0000${hex(1500, 2)}`))]);
  });

  test("9001 bytes pass inside of the VPC", async () => {
    const whole = { source: B1, destination: B2, protocol: GRE, payload: gre(7, 8965), df: true };
    expect((await sends("b-1", [whole], "b-2"))[0]).toHaveLength(1);
  });
});
