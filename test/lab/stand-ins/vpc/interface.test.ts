/** An interface's source/destination check, in both directions: what has its address passes, what has another does not. */

import { beforeAll, describe, expect, test } from "vitest";
import { ADDRESS, withEni } from "./sample-vpc.ts";
import { CLIENT, counted, datagram, during, sends, sharedSite } from "./shared-site.ts";

beforeAll(async () => {
  await sharedSite();
});

const check = (on: boolean) => withEni("gateway-a", { sourceDestCheck: on });

describe("what a machine sends", () => {
  const foreign = () => datagram(CLIENT, ADDRESS["a-1"]);

  test("under its own address passes the check", async () => {
    const packet = datagram(ADDRESS["gateway-a"], ADDRESS["a-1"]);
    await during([check(true)], async () => {
      const counts = await counted("gateway-a", async () =>
        expect((await sends("gateway-a", [packet], "a-1"))[0]).toHaveLength(1),
      );
      expect(counts.source_check).toBe(0);
    });
  });

  test("under another's is dropped with the check, counted, and passes without it", async () => {
    await during([check(true)], async () => {
      const counts = await counted("gateway-a", async () =>
        expect(await sends("gateway-a", [foreign()], "a-1")).toEqual([[]]),
      );
      expect(counts).toMatchObject({ source_check: 1, dest_check: 0, refused: 0 });
    });
    expect((await sends("gateway-a", [foreign()], "a-1"))[0]).toMatchObject([{ source: CLIENT }]);
  });
});

describe("what a machine is sent", () => {
  // The route of a-1's subnet leads to the gateway's interface, whatever a packet is for.
  const passedOn = () => datagram(ADDRESS["a-1"], CLIENT);

  test("for its own address passes the check", async () => {
    const packet = datagram(ADDRESS["a-1"], ADDRESS["gateway-a"]);
    await during([check(true)], async () => {
      const counts = await counted("gateway-a", async () =>
        expect((await sends("a-1", [packet], "gateway-a"))[0]).toHaveLength(1),
      );
      expect(counts.dest_check).toBe(0);
    });
  });

  test("for another is dropped with the check, counted, and passes without it", async () => {
    await during([check(true)], async () => {
      const counts = await counted("gateway-a", async () =>
        expect(await sends("a-1", [passedOn()], "gateway-a")).toEqual([[]]),
      );
      expect(counts).toMatchObject({ source_check: 0, dest_check: 1, refused: 0 });
    });
    expect((await sends("a-1", [passedOn()], "gateway-a"))[0]).toMatchObject([{ destination: CLIENT }]);
  });
});
