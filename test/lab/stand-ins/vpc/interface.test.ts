/** An interface's source/destination check, in both directions: what has its address passes, what has another does not. */

import { beforeAll, describe, expect, test } from "vitest";
import type { Packet } from "../../shared/gateway-traffic.ts";
import { ADDRESS, type Change, sampleVpc, withEni } from "./sample-vpc.ts";
import { CLIENT, counted, datagram, during, sends, sharedTestbed } from "./shared-testbed.ts";

// Machines that nobody else calls: what others say to each other would count too.
const [B1, B2, C1] = [ADDRESS["b-1"], ADDRESS["b-2"], ADDRESS["c-1"]];

beforeAll(async () => {
  await sharedTestbed();
});

const unchecked = withEni("b-1", { sourceDestCheck: false });
/** What c-1 sends goes to b-1's interface, whatever it is for. */
const byB1: Change = (vpc) => ({
  ...withEni("c-1", { subnet: { ...subnetOf("c-1"), routeTable: "by-b-1" } })(vpc),
  routeTables: [
    ...vpc.routeTables,
    { id: "by-b-1", routes: [{ destination: "0.0.0.0/0", via: { networkInterface: "eni-b-1" } }] },
  ],
});
const subnetOf = (name: string) => sampleVpc().interfaces.find((each) => each.name === name)!.subnet;

describe.each<[string, Packet, Packet, string, string, "source_check" | "dest_check"]>([
  ["sends", datagram(B1, B2), datagram(CLIENT, B2), "b-1", "b-2", "source_check"],
  ["is sent", datagram(C1, B1), datagram(C1, CLIENT), "c-1", "b-1", "dest_check"],
])("what a machine %s", (_, own, foreign, from, to, counter) => {
  /** What arrives of a packet, and what b-1's interface counts. */
  async function sent(packet: Packet) {
    let arrived = 0;
    const { source_check, dest_check, refused } = await counted("b-1", async () => {
      arrived = (await sends(from, [packet], to))[0]!.length;
    });
    return { arrived, source_check, dest_check, refused };
  }
  const nothing = { source_check: 0, dest_check: 0, refused: 0 };

  test("with its own address passes the check", () =>
    during([byB1], async () => expect(await sent(own)).toEqual({ ...nothing, arrived: 1 })));

  test("with another's is dropped and counted", () =>
    during([byB1], async () =>
      expect(await sent(foreign)).toEqual({ ...nothing, arrived: 0, [counter]: 1 }),
    ));

  test("passes without the check, whatever address it has", () =>
    during([byB1, unchecked], async () => {
      expect(await sent(own)).toEqual({ ...nothing, arrived: 1 });
      expect(await sent(foreign)).toEqual({ ...nothing, arrived: 1 });
    }));
});
