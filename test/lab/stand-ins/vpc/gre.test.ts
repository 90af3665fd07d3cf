/** GRE at an interface's groups: AWS tracks the two addresses and the protocol's number, for 600 s of quiet, whoever began. */

import { beforeAll, describe, expect, test } from "vitest";
import { GRE, gre, type Packet } from "../../shared/gateway-traffic.ts";
import { rule } from "../sample-fleet.ts";
import { ADDRESS, B1_PUBLIC, type Change, withEni } from "./sample-vpc.ts";
import { becomes, CLIENT, counted, during, hold, sends, sharedTestbed } from "./shared-testbed.ts";

// No balancer checks it: its checks would count too.
const B1 = ADDRESS["b-1"];
const OTHER = "198.19.252.9";
const ESP = 50;

beforeAll(async () => {
  await sharedTestbed();
});

const packet = (source: string, destination: string, more: Partial<Packet> = {}): Packet => ({
  ...{
    source,
    destination,
    protocol: GRE,
    payload: gre(7) + Math.random().toString(16).slice(2, 10).padEnd(8, "0"),
  },
  ...more,
});
/** From a client to b-1, and from b-1 to a client. How many pieces arrive. */
const inwards = async (more: Partial<Packet> = {}) =>
  (await sends("client", [packet(CLIENT, B1_PUBLIC, more)], "b-1"))[0]!.length;
const outwards = async (more: Partial<Packet> = {}) =>
  (await sends("b-1", [packet(B1, CLIENT, more)], "client"))[0]!.length;

const rules = (directions: { ingress?: true; egress?: true }): Change =>
  withEni("b-1", {
    ingress: directions.ingress ? [rule("47", "198.19.252.0/24")] : [],
    egress: directions.egress ? [rule("47", "198.19.252.0/24")] : [],
  });

describe("rules for 47", () => {
  test("both ways let it pass both ways, and nothing else", () =>
    during([rules({ ingress: true, egress: true })], async () => {
      const counts = await counted("b-1", async () => {
        expect([await inwards(), await outwards(), await inwards()]).toEqual([1, 1, 1]);
      });
      expect(counts).toMatchObject({ gre_in: 2, gre_out: 1, gre_refused: 0 });
      // By themselves: a kernel answers GRE that it takes by ICMP, which no rule admits.
      const others = await counted("b-1", async () =>
        expect([await inwards({ protocol: ESP }), await outwards({ protocol: ESP })]).toEqual([0, 0]),
      );
      expect(others).toMatchObject({ gre_refused: 0, refused: 2 });
    }));

  test("that are none let none pass, either way, each time", () =>
    during([rules({})], async () => {
      const counts = await counted("b-1", async () =>
        expect([await inwards(), await outwards(), await inwards(), await outwards()]).toEqual([0, 0, 0, 0]),
      );
      expect(counts).toMatchObject({ gre_in: 0, gre_out: 0, gre_refused: 4, refused: 0 });
    }));
});

describe("a rule one way only", () => {
  test("out: a client is let in once the server has spoken to it, and another client is not", () =>
    during([rules({ egress: true })], async () => {
      const counts = await counted("b-1", async () => {
        expect([await inwards(), await outwards(), await inwards()]).toEqual([0, 1, 1]);
        expect(await inwards({ source: OTHER })).toBe(0);
      });
      expect(counts).toMatchObject({ gre_in: 1, gre_out: 1, gre_refused: 2 });
      const others = await counted("b-1", async () => expect(await inwards({ protocol: ESP })).toBe(0));
      expect(others).toMatchObject({ gre_in: 0, gre_refused: 0, refused: 1 });
    }));

  test("in: the server's answers are let out once a client has spoken, and to no other client", () =>
    during([rules({ ingress: true })], async () => {
      const counts = await counted("b-1", async () => {
        expect([await outwards(), await inwards(), await outwards()]).toEqual([0, 1, 1]);
        expect(await outwards({ destination: OTHER })).toBe(0);
      });
      expect(counts).toMatchObject({ gre_in: 1, gre_out: 1, gre_refused: 2 });
    }));

  test("admits every call of the two addresses: call IDs are not tracked", () =>
    during([rules({ egress: true })], async () => {
      await outwards();
      expect(await inwards({ payload: gre(4711) })).toBe(1);
    }));

  test("what it has let pass is forgotten after 600 s of quiet", () =>
    during([rules({ egress: true })], async () => {
      const { agent } = (await sharedTestbed()).guest;
      await outwards();
      const flow = `${B1} . ${CLIENT} . 47`;
      const flows = JSON.parse(await agent.sh("ip netns exec eni-b-1 nft -j list set ip eni flows"));
      const { timeout, elem } = flows.nftables.find((each: { set?: object }) => each.set).set;
      expect([timeout, elem.length]).toEqual([600, 1]);
      expect(elem[0].elem.expires).toBeGreaterThan(60);
      // The quiet itself.
      await agent.sh(`ip netns exec eni-b-1 nft 'delete element ip eni flows { ${flow} }'`);
      expect(await inwards()).toBe(0);
    }));
});

test("rules that are replaced forget GRE, and keep TCP", () =>
  during([], async () => {
    const held = await hold("b-2", B1);
    await becomes(rules({ egress: true }));
    expect([await outwards(), await inwards()]).toEqual([1, 1]);
    await becomes(rules({}));
    expect([await inwards(), await outwards()]).toEqual([0, 0]);
    expect(await held.speaks()).toBe("alive");
  }));

test("its fragments pass as they came, each by its addresses, or none does", () =>
  during([rules({ egress: true })], async () => {
    const halves = { payload: gre(7, 1000), pieces: 2 };
    const counts = await counted("b-1", async () =>
      expect([await inwards(halves), await outwards(halves), await inwards(halves)]).toEqual([0, 2, 2]),
    );
    expect(counts.gre_refused).toBe(2);
  }));
