/** What a gateway's counters say. */
import { describe, expect, test } from "vitest";
import {
  COUNTERS,
  type Counters,
  controlFindings,
  countersOf,
  growth,
  growthText,
  readCounters,
  tunnelFindings,
} from "../../../probe/legs/gateway.ts";
import { Watch } from "../../../probe/legs/watch.ts";

const counters = (changes: Partial<Counters> = {}): Counters => ({
  ...(Object.fromEntries(COUNTERS.map((name) => [name, 0])) as Counters),
  ...changes,
});

/** As nft 1.1.3 prints named counters. */
const nft = (packets: Record<string, number>) =>
  JSON.stringify({
    nftables: [
      { metainfo: { version: "1.1.3", release_name: "Commodore Bullmoose #4", json_schema_version: 1 } },
      ...Object.entries(packets).map(([name, n], i) => ({
        counter: { family: "ip", name, table: "front", handle: i, packets: n, bytes: n * 60 },
      })),
    ],
  });

describe("reading", () => {
  test("the named ones, others beside them", () => {
    expect(countersOf(nft({ ...counters({ gre_in: 7 }), fragments: 3 }))).toEqual(counters({ gre_in: 7 }));
  });

  test("a counter of the fast way is added to the one of its name", () => {
    const both = [
      ...JSON.parse(nft(counters({ gre_in: 7 }))).nftables,
      ...JSON.parse(nft({ gre_in: 30 })).nftables,
    ];
    expect(countersOf(JSON.stringify({ nftables: both }))).toEqual(counters({ gre_in: 37 }));
  });

  test("a machine that is no gateway is told by what it lacks", () => {
    expect(() => countersOf(nft({ tcp_in: 1 }))).toThrow(/no counter tcp_out, tcp_past_balancer/);
  });

  test("a refusal of ssh says so, and nothing of it can be an option of ssh", async () => {
    let asked: string[] = [];
    const run = async (argv: string[]) => {
      asked = argv;
      return { code: 255, stdout: "", stderr: "Permission denied (publickey)." };
    };
    await expect(readCounters(run, "admin@198.51.100.7")).rejects.toThrow(/Permission denied/);
    expect(asked.slice(asked.indexOf("--"))).toEqual([
      "--",
      "admin@198.51.100.7",
      "sudo",
      "nft",
      "-j",
      "list",
      "counters",
    ]);
  });

  test("a counter that went back tells of rules loaded anew, not of packets", () => {
    expect(growth(counters({ tcp_in: 5 }), counters({ tcp_in: 1 }))).toBeUndefined();
  });

  test("in words, those that grew", () => {
    expect(growthText(counters({ tcp_in: 4, gre_out: 1 }))).toBe("tcp_in +4, gre_out +1");
    expect(growthText(counters())).toBe("no counter grew");
  });
});

describe("up to the call", () => {
  const said = (grown: Partial<Counters>, connected: boolean) =>
    controlFindings(counters(grown), connected).join(" ");

  test("both facts that nobody has seen on AWS, seen", () => {
    const words = said({ tcp_in: 6, tcp_out: 5 }, true);
    expect(words).toMatch(/default route to the gateway: seen/);
    expect(words).toMatch(/return through the balancer.*: seen/);
  });

  test("answers that come past the balancer refute the second, and the fix is named", () => {
    expect(said({ tcp_in: 6, tcp_out: 2, tcp_past_balancer: 3 }, true)).toMatch(/came past.*frontDoor: eip/);
    expect(said({ tcp_in: 6, tcp_past_balancer: 3 }, true)).toMatch(/balancer itself answered nothing/);
  });

  test("a gateway that is not reached, one that gets no answer, one that is not on the path", () => {
    expect(said({}, false)).toMatch(/does not reach the gateway/);
    expect(said({ tcp_in: 3 }, false)).toMatch(/nothing comes back to it/);
    expect(said({}, true)).toMatch(/not the one that holds the address/);
  });

  test("without a connection no fact is claimed: the answers may be others'", () => {
    expect(said({ tcp_in: 3, tcp_out: 3 }, false)).not.toMatch(/seen/);
  });
});

test.each([
  [{}, false, /does not reach the gateway$/],
  [{}, true, /only the way there is closed/],
  [{ gre_in: 9 }, false, /none comes back to it/],
  [{ gre_in: 9, gre_out: 9 }, false, /lost between the gateway and this machine/],
  [{ gre_in: 9, gre_out: 9 }, true, /both ways$/],
  [{ gre_in: 9, gre_no_server: 2 }, false, /call ID of no server/],
] as const)("after the call: %o, heard %s", (grown, heard, words) => {
  expect(tunnelFindings(counters(grown), heard).join(" ")).toMatch(words);
});

describe("a watch", () => {
  test("counts each part by itself", async () => {
    const readings = [0, 3, 3, 10].map((tcp_in) => counters({ tcp_in }));
    const watch = new Watch(async () => readings.shift()!);
    await watch.during(
      "control",
      async () => {},
      (grown) => [`control ${grown.tcp_in}`],
    );
    await watch.during(
      "tunnel",
      async () => {},
      (grown) => [`tunnel ${grown.tcp_in}`],
    );
    expect(watch.findings).toEqual(["control 3", "tunnel 7"]);
    expect([watch.grown.control?.tcp_in, watch.grown.tunnel?.tcp_in]).toEqual([3, 7]);
  });

  test("says once that it cannot read, and lets the work go on", async () => {
    const watch = new Watch(async () => {
      throw new Error("no way in");
    });
    const result = await watch.during(
      "control",
      async () => "done",
      () => ["never"],
    );
    await watch.during(
      "tunnel",
      async () => {},
      () => ["never"],
    );
    expect([result, watch.findings]).toEqual(["done", ["no way in"]]);
  });
});
