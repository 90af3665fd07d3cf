/** Keys with members: how they are read, and which of them contradict each other. */
import { describe, expect, test } from "vitest";
import { facts } from "../../../settings/keys/facts.ts";
import type { Mistake } from "../../../settings/mistakes.ts";
import { readSettings } from "../../../settings/read.ts";
import { groups, membersOf, type Settings } from "../../../settings/schema.ts";
import { afterFix } from "../applied-fix.ts";
import { EXISTING, type Groups, only, rawOf, read, result } from "./grouped.ts";

/** What a member's example needs beside it to be a good config. */
const BESIDE: Record<string, Groups & { members?: object }> = {
  "conntrack.helper": { members: { mode: "track" } },
  "conntrack.greTimeout": { members: { mode: "track" } },
  "conntrack.greTimeoutStream": { members: { mode: "track" } },
  "egress.routeTableIds": { ...EXISTING, members: { mode: "routed" } },
};

describe("a member", () => {
  test("leaves all others at their defaults", () => {
    const defaults = read({});
    expect(read({ kernel: { somaxconn: 1024 } })).toEqual({
      ...defaults,
      kernel: { ...defaults.kernel, somaxconn: 1024 },
    });
  });

  test.each([
    [{ keepalive: { lcpEchoInterval: "30" } }, { keepalive: { lcpEchoInterval: 30 } }],
    [{ nic: { rps: "false" } }, { nic: { rps: false } }],
    [{ kernel: { tcpRmem: "[4096,8192,16384]" } }, { kernel: { tcpRmem: [4096, 8192, 16_384] } }],
    [{ egress: { cidrs: '["10.9.0.0/16"]' } }, { egress: { cidrs: ["10.9.0.0/16"] } }],
    [{ nic: { moderation: "50" } }, { nic: { moderation: 50 } }],
    [{ ppp: { mppe: 40, trafficMayBeRead: true } }, { ppp: { mppe: "40", trafficMayBeRead: true } }],
  ])("%j reads as %j", (typed, meant) => {
    expect(read(typed)).toEqual(read(meant));
    expect(read(meant)).toMatchObject(meant);
  });

  test.each([{}, { mtu: "{}" }, { mtu: { mss: "" } }, { mtu: { mss: null } }, { ppp: { wins: "[]" } }])(
    "that is empty counts as unset: %j",
    (config) => {
      expect(read(config)).toEqual(read({}));
    },
  );
});

describe("each member", () => {
  const members = groups.flatMap((group) =>
    Object.entries(membersOf(group)).map(([member, schema]): [string, string, string] => {
      const [, , quoted, bare] = /--path '(\S+)' (?:'(.*)'|(\S+))$/.exec(facts.get(schema)!.fix) ?? [];
      return [group, member, quoted ?? bare ?? ""];
    }),
  );

  test.each(members)("%s.%s has an example that is accepted, as a text and as a value: %s", (...one) => {
    const [group, member, example] = one;
    const { members: beside = {}, ...rest } = BESIDE[`${group}.${member}`] ?? {};
    const withMember = (value: unknown) => read({ ...rest, [group]: { ...beside, [member]: value } });
    const asText = withMember(example);
    const value: unknown =
      /^[a-z]/.test(example) && !/^(true|false)$/.test(example) ? example : JSON.parse(example);
    expect(asText).toEqual(withMember(value));
    const set = (asText[group as keyof Settings] as Record<string, unknown>)[member];
    expect(JSON.stringify(set).replaceAll('"', "")).toBe(example.replaceAll('"', ""));
  });
});

describe("what contradicts conntrack.mode is refused by name", () => {
  test.each(["bypass", "untracked"])("beside %s: what only tracked GRE has", (mode) => {
    const found = result({ conntrack: { mode, helper: false, greTimeout: 20, greTimeoutStream: 90 } });
    expect("mistakes" in found && found.mistakes).toEqual(
      Object.entries({ helper: false, greTimeout: 20, greTimeoutStream: 90 }).map(([member, value]) => ({
        key: `conntrack.${member}`,
        value: String(value),
        allowed: `no ${member} beside conntrack.mode ${mode}: GRE that is not tracked has neither helper nor timeout`,
        fix: `pulumi config rm --path 'pptp-fleet:conntrack.${member}', or pulumi config set --path 'pptp-fleet:conntrack.mode' track`,
      })),
    );
  });

  test("and all of it is allowed with track", () => {
    const conntrack = { mode: "track", helper: false, greTimeout: 20, greTimeoutStream: 90 };
    expect(read({ conntrack }).conntrack).toMatchObject(conntrack);
  });
});

describe("weaker encryption than 128 bits is admitted by ppp.trafficMayBeRead only", () => {
  test.each([
    ["40", /a key tried out in seconds is accepted/],
    ["none", /traffic in the clear is accepted/],
  ])("%s", (mppe, message) => {
    expect(only({ ppp: { mppe } })).toMatch(message);
    expect(only({ ppp: { mppe } })).toMatch(
      /^ppp\.mppe \| ".*ppp\.mppe' 128, or pulumi config set --path 'pptp-fleet:ppp\.trafficMayBeRead' true$/,
    );
    expect(read({ ppp: { mppe, trafficMayBeRead: true } }).ppp.mppe).toBe(mppe);
  });
});

describe("members that contradict each other or another key are refused by name", () => {
  test.each<[string, Groups, RegExp]>([
    [
      "more half-open connections of one address than of all",
      { limits: { halfOpen: 2 } },
      /^limits\.halfOpenPerSource \| 3 \| at most limits\.halfOpen, 2: .* 'pptp-fleet:limits\.halfOpen' 3$/,
    ],
    [
      "a receive buffer above its maximum",
      { kernel: { rmemDefault: 20_000_000 } },
      /^kernel\.rmemDefault \| 20000000 \| at most kernel\.rmemMax, 16777216: .* 'pptp-fleet:kernel\.rmemMax' 20000000, or .* 'pptp-fleet:kernel\.rmemDefault' 16777216$/,
    ],
    [
      "a maximum below the receive buffer that every socket has",
      { kernel: { rmemMax: 212_992 } },
      /^kernel\.rmemDefault \| 1048576 \| at most kernel\.rmemMax, 212992/,
    ],
    [
      "a send buffer above its maximum",
      { kernel: { wmemDefault: 4_194_305, wmemMax: 4_194_304 } },
      /^kernel\.wmemDefault \| 4194305 \| at most kernel\.wmemMax, 4194304/,
    ],
    [
      "more connections of one address than sessions",
      { sessionsPerServer: 1, limits: { connectionsPerSource: 2 } },
      /^limits\.connectionsPerSource \| 2 \| at most sessionsPerServer, 1: .* config rm --path 'pptp-fleet:limits\.connectionsPerSource'$/,
    ],
    [
      "more silent connections of one address than it may have",
      { sessionsPerServer: 1, limits: { halfOpenPerSource: 4 } },
      /^limits\.halfOpenPerSource \| 4 \| at most 3 beside sessionsPerServer 1: .* 'pptp-fleet:limits\.halfOpenPerSource' 3$/,
    ],
    [
      "the same by what the config lets it have",
      { limits: { connectionsPerSource: 12, halfOpenPerSource: 13 } },
      /^limits\.halfOpenPerSource \| 13 \| at most 12 beside limits\.connectionsPerSource 12: .* 12$/,
    ],
    [
      "a WINS server among the clients",
      { ppp: { wins: ["10.42.0.8", "10.64.0.9"] } },
      /^ppp\.wins \| .* \| servers outside of clientPool, 10\.64\.0\.0\/14: 10\.64\.0\.9 is a client's/,
    ],
    [
      "networks for those who reach none",
      { egress: { mode: "none", cidrs: ["10.9.0.0/16"] } },
      /^egress\.cidrs \| \["10\.9\.0\.0\/16"\] \| no CIDRs/,
    ],
    [
      "resolvers for those who reach none",
      { egress: { mode: "none" }, dns: ["9.9.9.9"] },
      /^dns \| \["9\.9\.9\.9"\] \| no resolvers .* config rm pptp-fleet:dns, or/,
    ],
    [
      "everywhere for those who keep their addresses",
      { egress: { mode: "routed", cidrs: ["0.0.0.0/0"] } },
      /^egress\.cidrs \| \["0\.0\.0\.0\/0"\] \| networks within 10\.0\.0\.0\/8, .* and 0\.0\.0\.0\/0 is not: routed clients keep private addresses, .* internet gateway drops .*egress\.mode' nat, or /,
    ],
    [
      "public networks among private ones for those who keep their addresses",
      { egress: { mode: "routed", cidrs: ["10.0.0.0/7", "10.9.0.0/16", "203.0.113.0/24"] } },
      /^egress\.cidrs \| .* and 10\.0\.0\.0\/7 is not: /,
    ],
    [
      "a resolver on the internet for those who keep their addresses, past no gateway",
      { frontDoor: "eip", egress: { mode: "routed" }, dns: ["10.42.0.2", "9.9.9.9"] },
      /^dns \| .* and 9\.9\.9\.9 is not: routed clients .* config rm pptp-fleet:dns, or/,
    ],
    [
      "route tables of no VPC",
      { egress: { mode: "routed", routeTableIds: ["rtb-01234567"] } },
      /^egress\.routeTableIds \| .* \| no route tables without/,
    ],
    [
      "route tables under NAT",
      { ...EXISTING, egress: { routeTableIds: ["rtb-01234567"] } },
      /^egress\.routeTableIds \| .* \| no route tables without/,
    ],
    [
      "an existing VPC that would not find the clients",
      { ...EXISTING, egress: { mode: "routed" } },
      /^egress\.routeTableIds \| \[\] \| one or more route tables .* 'pptp-fleet:egress\.routeTableIds\[0\]' rtb-/,
    ],
  ])("%s", (_, config, message) => {
    expect(only(config)).toMatch(message);
    const found = result(config);
    const [{ key, allowed, fix }] = ("mistakes" in found ? found.mistakes : []) as [Mistake];
    for (const raw of afterFix(rawOf(config), fix)) {
      const next = readSettings(raw, new Set());
      const left = "mistakes" in next ? next.mistakes.map((each) => `${each.key}: ${each.allowed}`) : [];
      expect(left, fix).not.toContain(`${key}: ${allowed}`);
    }
  });

  test("and what does not contradict is allowed", () => {
    read({ kernel: { rmemDefault: 300_000, rmemMax: 300_000, wmemDefault: 5000, wmemMax: 5000 } });
    read({ sessionsPerServer: 1 });
    read({ sessionsPerServer: 2, limits: { connectionsPerSource: 2, halfOpenPerSource: 3 } });
    read({ limits: { connectionsPerSource: 250, halfOpenPerSource: 250 } });
    read({ ppp: { wins: ["10.68.0.0"] } });
    read({ limits: { halfOpen: 16 } });
    read({ egress: { mode: "none" } });
    read({ egress: { mode: "routed" }, dns: ["10.42.0.2"] });
    read({ ...EXISTING, egress: { mode: "routed", routeTableIds: ["rtb-01234567"] } });
    read({ egress: { mode: "routed", cidrs: ["10.0.0.0/8", "100.64.0.0/10", "192.168.7.0/24"] } });
    read({ egress: { mode: "nat", cidrs: ["0.0.0.0/0"] } });
    // Behind a gateway, which translates.
    read({ egress: { mode: "routed" }, dns: ["9.9.9.9"] });
  });
});
