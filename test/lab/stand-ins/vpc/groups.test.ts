/** Security groups, each interface for itself: what a rule admits passes, and what none admits is dropped and counted. */

import { beforeAll, describe, expect, test } from "vitest";
import { checksum, hex, ICMP, type Packet } from "../../shared/gateway-traffic.ts";
import { rule } from "../sample-fleet.ts";
import { ADDRESS, B1_PUBLIC, GATEWAY_PUBLIC, type Name, withEni } from "./sample-vpc.ts";
import {
  BRIEF,
  becomes,
  CLIENT,
  call,
  counted,
  datagram,
  during,
  hold,
  sends,
  sharedTestbed,
} from "./shared-testbed.ts";

beforeAll(async () => {
  await sharedTestbed();
});

// Machines that no balancer checks: its checks would count too.
const [B1, B2] = [ADDRESS["b-1"], ADDRESS["b-2"]];
const dial = () => call({ from: "b-1", to: B2, patience: BRIEF });

/** Of echo requests and answers (RFC 792), 8 and 0. */
function echo(type: number): Packet {
  const rest = `${hex(Math.floor(Math.random() * 65536), 2)}0001${"a5".repeat(8)}`;
  const head = `${hex(type, 1)}00`;
  return {
    source: B1,
    destination: B2,
    protocol: ICMP,
    payload: `${head}${checksum(`${head}0000${rest}`)}${rest}`,
  };
}

describe.each([
  ["ingress", "b-2", "b-1", B1],
  ["egress", "b-1", "b-2", B2],
] as const)("%s rules", (direction, name, other, cidr) => {
  const only = (...rules: ReturnType<typeof rule>[]) => withEni(name as Name, { [direction]: rules });

  /** What of a packet to each of two ports arrives, by port, and what either interface refuses. */
  async function ports() {
    const packets = [5000, 5001].map((port) => datagram(B1, B2, port));
    let arrived: boolean[] = [];
    let others = 0;
    const { refused } = await counted(name, async () => {
      others = (
        await counted(other, async () => {
          const [seen] = await sends("b-1", packets, "b-2");
          arrived = packets.map(({ payload }) => seen!.some((each) => each.payload === payload));
        })
      ).refused;
    });
    return { arrived, refused, others };
  }

  test("admit the port that they name and no other, at their own interface", () =>
    during([only(rule("udp", `${cidr}/32`, 5000))], async () =>
      expect(await ports()).toEqual({ arrived: [true, false], refused: 1, others: 0 }),
    ));

  test("admit the address that they name and no other", () =>
    during([only(rule("udp", "10.42.0.77/32", 5000))], async () =>
      expect(await ports()).toEqual({ arrived: [false, false], refused: 2, others: 0 }),
    ));

  test("that are none admit nothing, of TCP and ICMP either", () =>
    during([only()], async () => {
      const counts = await counted(name, async () => {
        expect(await sends("b-1", [echo(8)], "b-2")).toEqual([[]]);
        expect(await dial()).toEqual(["nothing"]);
      });
      // The caller's kernel says its SYN again after a second.
      expect(counts.refused).toBeGreaterThanOrEqual(2);
      expect(counts).toMatchObject({ source_check: 0, dest_check: 0, gre_refused: 0 });
    }));

  test("for all admit all", async () => {
    expect(await ports()).toEqual({ arrived: [true, true], refused: 0, others: 0 });
    expect((await sends("b-1", [echo(8)], "b-2"))[0]).toHaveLength(1);
    expect(await dial()).toEqual([`b-2 ${B1}`]);
  });
});

describe("connection tracking", () => {
  test("lets answers out where nothing else may leave, and in where nothing else may enter", () =>
    during([withEni("b-2", { egress: [] }), withEni("b-1", { ingress: [] })], async () => {
      expect(await call({ from: "b-1", to: B2 })).toEqual([`b-2 ${B1}`]);
      const counts = await counted("b-2", async () =>
        expect(await call({ from: "b-2", to: B1, patience: BRIEF })).toEqual(["nothing"]),
      );
      expect(counts.refused).toBeGreaterThanOrEqual(1);
    }));

  test("is no answer to what nobody has asked", () =>
    during([withEni("b-2", { ingress: [] })], async () => {
      const counts = await counted("b-2", async () =>
        expect(await sends("b-1", [echo(0)], "b-2")).toEqual([[]]),
      );
      expect(counts.refused).toBe(1);
    }));

  test("keeps a connection whose rule has gone, and admits no new one until the rule is back", () =>
    during([], async () => {
      const held = await hold("b-1", B2);
      await becomes(withEni("b-2", { ingress: [] }));
      expect(await dial()).toEqual(["nothing"]);
      expect(await held.speaks()).toBe("alive");
      await becomes();
      expect(await dial()).toEqual([`b-2 ${B1}`]);
    }));
});

describe("each interface by itself", () => {
  // A port of its own: what another file has sent is a flow that b-1 knows.
  const passed = () => datagram(CLIENT, B1, 5001);

  test("what one has let out is not let in by another", () =>
    during([withEni("b-1", { ingress: [] })], async () => {
      const sender = await counted("gateway-a", async () => {
        const counts = await counted("b-1", async () =>
          expect(await sends("gateway-a", [passed()], "b-1")).toEqual([[]]),
        );
        expect(counts.refused).toBe(1);
      });
      expect(sender.refused).toBe(0);
    }));

  test("a rule of one's group admits nothing at another's", () =>
    during(
      [
        withEni("gateway-a", { ingress: [rule("tcp", "198.19.252.0/24", 1723)] }),
        withEni("b-1", { ingress: [] }),
      ],
      async () => {
        expect(await call({ from: "client", to: GATEWAY_PUBLIC })).toEqual([expect.stringMatching(/^a-\d /)]);
        const counts = await counted("b-1", async () =>
          expect(await call({ from: "client", to: B1_PUBLIC, patience: BRIEF })).toEqual(["nothing"]),
        );
        expect(counts.refused).toBeGreaterThanOrEqual(1);
      },
    ));
});
