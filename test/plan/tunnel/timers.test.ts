import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chainMistakes } from "../../../plan/tunnel/chain-mistakes.ts";
import { chainText, GATEWAY_GAP, timers } from "../../../plan/tunnel/timers.ts";
import { tuningsPage } from "../../../script/pages/tunings.ts";
import type { Settings } from "../../../settings/schema.ts";
import { type Groups, read } from "../../settings/groups/grouped.ts";

const given = (groups: Groups = {}) => read(groups);

const seconds = (flow: "GRE" | "TCP 1723", settings: Settings) => {
  const { speaks, forgets } = timers(settings).chains.find((chain) => chain.flow === flow)!;
  return [speaks, ...forgets].map((timer) => timer.seconds);
};

describe("the chains of timers", () => {
  test("are kept by the defaults, in order", () => {
    expect(seconds("GRE", given())).toEqual([20, 60, 600]);
    expect(seconds("TCP 1723", given())).toEqual([120, 300, 350, 432_000, 432_000]);
    expect(chainMistakes(given())).toEqual([]);
  });

  test("have the server's own memory of GRE where it tracks it, and only there", () => {
    expect(seconds("GRE", given({ conntrack: { mode: "track" } }))).toEqual([20, 60, 180, 600]);
    expect(seconds("GRE", given({ conntrack: { mode: "untracked" } }))).toEqual([20, 60, 600]);
  });

  test.each([
    ["c6in.large", 432_000],
    ["t3.small", 432_000],
    ["u-6tb1.56xlarge", 432_000],
    ["c8i.large", 350],
    ["m8g.large", 350],
    ["x8aedz.xlarge", 350],
  ])("have a security group on %s forget quiet TCP after %i s", (instanceType, after) => {
    const chain = timers(given({ instanceType })).chains.find(({ flow }) => flow === "TCP 1723")!;
    expect(chain.forgets.find(({ name }) => name === "security group")?.seconds).toBe(after);
  });

  test("name a source for each of their timers, which docs/tunings.md shows", () => {
    const { chains } = timers(given({ conntrack: { mode: "track" } }));
    const all = chains.flatMap(({ speaks, forgets }) => [speaks, ...forgets]);
    expect(all).toHaveLength(9);
    expect(all.filter(({ source }) => source.length < 10)).toEqual([]);
    for (const { name, seconds, source } of timers(given()).chains.flatMap(({ forgets }) => forgets))
      expect(tuningsPage()).toContain(`${name}**, ${seconds} s: ${source}`);
  });

  test("are written with the one that speaks first, and what it does not come before marked", () => {
    const texts = (settings: Settings) => timers(settings).chains.map(chainText);
    expect(texts(given({ conntrack: { mode: "track" } }))[0]).toBe(
      "GRE: LCP echo 20 s < a client's NAT 60 s, < the server's conntrack 180 s, < security group 600 s",
    );
    expect(texts(given({ keepalive: { lcpEchoInterval: 60 } }))[0]).toBe(
      "GRE: LCP echo 60 s not < a client's NAT 60 s, < security group 600 s",
    );
  });
});

describe("a config that breaks a chain is refused, with the chain", () => {
  const KEPT = ", where your clients' routers keep it that long";
  const ORDER = "timers in order, so that a quiet tunnel lives: ";

  test.each<[string, Groups, { key: string; value: string; allowed: string; fix: string }[]]>([
    [
      "an echo as slow as a client's NAT",
      { keepalive: { lcpEchoInterval: 60 } },
      [
        {
          key: "keepalive.lcpEchoInterval",
          value: "60",
          allowed: `${ORDER}GRE: LCP echo 60 s not < a client's NAT 60 s, < security group 600 s`,
          fix: `pptp-fleet:keepalive.lcpEchoInterval below 60, or pptp-fleet:keepalive.clientNatGre above 60${KEPT}`,
        },
      ],
    ],
    [
      "an echo as slow as a security group, which no key changes",
      { keepalive: { lcpEchoInterval: 600, clientNatGre: 700 } },
      [
        {
          key: "keepalive.lcpEchoInterval",
          value: "600",
          allowed: `${ORDER}GRE: LCP echo 600 s not < security group 600 s, < a client's NAT 700 s`,
          fix: "pptp-fleet:keepalive.lcpEchoInterval below 600",
        },
      ],
    ],
    [
      "a client's NAT as fast as the echo",
      { keepalive: { clientNatGre: 20 } },
      [
        {
          key: "keepalive.clientNatGre",
          value: "20",
          allowed: `${ORDER}GRE: LCP echo 20 s not < a client's NAT 20 s, < security group 600 s`,
          fix: `pptp-fleet:keepalive.lcpEchoInterval below 20, or pptp-fleet:keepalive.clientNatGre above 20${KEPT}`,
        },
      ],
    ],
    [
      "a client's NAT that forgets TCP before PPTP's echo is answered",
      { keepalive: { clientNatTcp: 120 } },
      [
        {
          key: "keepalive.clientNatTcp",
          value: "120",
          allowed: expect.stringContaining(
            "TCP 1723: PPTP echo, and its answer 120 s not < a client's NAT 120 s, < NLB 350 s, <",
          ),
          fix: `pptp-fleet:keepalive.clientNatTcp above 120${KEPT}`,
        },
      ],
    ],
    [
      "the server's own tracking of TCP",
      { conntrack: { tcpTimeoutEstablished: 100 } },
      [
        {
          key: "conntrack.tcpTimeoutEstablished",
          value: "100",
          allowed: expect.stringContaining("answer 120 s not < the server's conntrack 100 s, <"),
          fix: "pptp-fleet:conntrack.tcpTimeoutEstablished above 120",
        },
      ],
    ],
    [
      "the server's own tracking of GRE",
      { conntrack: { mode: "track", greTimeoutStream: 20 } },
      [
        {
          key: "conntrack.greTimeoutStream",
          value: "20",
          allowed: expect.stringContaining(
            "LCP echo 20 s not < the server's conntrack 20 s, < a client's NAT",
          ),
          fix: "pptp-fleet:keepalive.lcpEchoInterval below 20, or pptp-fleet:conntrack.greTimeoutStream above 20",
        },
      ],
    ],
  ])("%s", (_, groups, told) => {
    expect(chainMistakes(given(groups))).toEqual(told);
  });

  test("each of several, in both chains", () => {
    const settings = given({ keepalive: { lcpEchoInterval: 600, clientNatTcp: 100 } });
    expect(chainMistakes(settings).map(({ key }) => key)).toEqual([
      "keepalive.lcpEchoInterval",
      "keepalive.clientNatTcp",
    ]);
  });
});

test("whatever passes has everything that forgets behind what speaks, and nothing else is refused", () => {
  const near = (...centres: number[]) =>
    fc.oneof(...centres.map((centre) => fc.integer({ min: centre - 2, max: centre + 2 })));
  const asked = fc.record({
    lcpEchoInterval: fc.oneof(near(20, 60, 180, 598), fc.integer({ min: 1, max: 600 })),
    clientNatGre: near(20, 60, 600),
    clientNatTcp: near(120, 300),
    tcpTimeoutEstablished: near(120, 432_000),
    greTimeoutStream: near(20, 180),
    mode: fc.constantFrom("bypass", "track"),
    instanceType: fc.constantFrom("c6in.large", "c8i.large"),
  });
  const met = { kept: 0, broken: 0 };
  fc.assert(
    fc.property(asked, ({ mode, instanceType, tcpTimeoutEstablished, greTimeoutStream, ...keepalive }) => {
      const tracked = mode === "track" ? { greTimeoutStream } : {};
      // Behind Elastic IPs: what a gateway asks of the timers is the next test's.
      const settings = given({
        frontDoor: "eip",
        instanceType,
        keepalive,
        conntrack: { mode, tcpTimeoutEstablished, ...tracked },
      });
      const { lcpEchoInterval, clientNatGre, clientNatTcp } = keepalive;
      const forgetGre = [clientNatGre, 600, ...Object.values(tracked)];
      const forgetTcp = [clientNatTcp, tcpTimeoutEstablished];
      const kept = lcpEchoInterval < Math.min(...forgetGre) && 120 < Math.min(...forgetTcp);
      expect(chainMistakes(settings).length === 0).toBe(kept);
      const behind = timers(settings).chains.every(({ speaks, forgets }) =>
        forgets.every((timer) => timer.seconds > speaks.seconds),
      );
      expect(behind).toBe(kept);
      met[kept ? "kept" : "broken"]++;
    }),
    { numRuns: 1000, seed: 1 },
  );
  // Both answers were met.
  expect(Math.min(met.kept, met.broken)).toBeGreaterThan(50);
});

describe("a gateway that is replaced", () => {
  const short = { keepalive: { lcpEchoInterval: 15, lcpEchoFailure: 3 } };

  test("is gone for its first boot, which sessions outlast by the defaults", () => {
    expect(timers(given()).outlasted).toBeGreaterThan(GATEWAY_GAP);
  });

  test("would end sessions that give up as soon: that is refused, with the count that lasts", () => {
    expect(chainMistakes(given(short))).toEqual([
      {
        key: "keepalive.lcpEchoFailure",
        value: "3",
        allowed:
          "4 or more with echoes every 15 s: a gateway that is replaced is gone for its first boot, 45 s, and sessions end after 45 s",
        fix: "pulumi config set --path 'pptp-fleet:keepalive.lcpEchoFailure' 4",
      },
    ]);
    const enough = given({ keepalive: { lcpEchoInterval: 15, lcpEchoFailure: 4 } });
    expect(chainMistakes(enough)).toEqual([]);
  });

  test("of which no count lasts where echoes come each second: the fix makes them slower", () => {
    const [mistake] = chainMistakes(given({ keepalive: { lcpEchoInterval: 1 } }));
    expect(mistake!.fix).toBe(
      "pulumi config set --path 'pptp-fleet:keepalive.lcpEchoInterval' 2 and pulumi config set --path 'pptp-fleet:keepalive.lcpEchoFailure' 23",
    );
    expect(chainMistakes(given({ keepalive: { lcpEchoInterval: 2, lcpEchoFailure: 23 } }))).toEqual([]);
  });

  test("is none behind Elastic IPs", () => {
    expect(chainMistakes(given({ frontDoor: "eip", ...short }))).toEqual([]);
  });
});

describe("a vanished client", () => {
  test("holds its slot for the echo's interval times one more than the failures", () => {
    expect(timers(given()).vanishedClient).toBe(80);
    const keepalive = { lcpEchoInterval: 10, lcpEchoFailure: 5 };
    expect(timers(given({ keepalive })).vanishedClient).toBe(60);
  });

  test("is found sooner than the 128 s without LCP echo, by the defaults", () => {
    expect(timers(given()).vanishedClient).toBeLessThan(128);
  });
});
