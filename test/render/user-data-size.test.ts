/** What is said where user data does not fit, and whether it is true: what of a config makes it large. */
import { expect, test } from "vitest";
import { makePlan } from "../../plan/plan.ts";
import { renderGateway } from "../../render/gateway.ts";
import { renderServer } from "../../render/server.ts";
import { USER_DATA_LIMIT } from "../../render/user-data.ts";
import { userDataMistakes } from "../../render/user-data-size.ts";
import { type Groups, read } from "../settings/groups/grouped.ts";
import { givenFacts } from "../shared/given.ts";
import { ed25519Of, rsa4096Of } from "../shared/made-keys.ts";

function planned(config: Groups, stack = "dev") {
  const plan = makePlan(read({ servers: 1, ...config }), givenFacts("a"), stack);
  const machines = [
    ...plan.servers.map((server) => renderServer(plan, server)),
    ...plan.gateways.map((gateway) => renderGateway(plan, gateway)),
  ];
  return { mistakes: userDataMistakes(plan, machines), size: machines[0]!.userData.length };
}

const ADMIN = { adminCidrs: ["10.8.0.0/16"] };
const times = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));
/** Hardly alike: what repeats itself would shrink. */
const cidrs = times(50, (i) => `${11 + 3 * i}.${(i * 97) % 256}.0.0/16`);

test("three RSA keys of 4096 bits are refused with what they take", () => {
  const { mistakes, size } = planned({ ...ADMIN, sshPublicKeys: times(3, rsa4096Of) });
  expect(size).toBeGreaterThan(USER_DATA_LIMIT);
  const { size: without } = planned({});
  expect(mistakes).toEqual([
    {
      key: "sshPublicKeys",
      value: `user data of a-1: ${size} bytes`,
      allowed: `16384 bytes, EC2's limit; 3 sshPublicKeys take ${size - without}; 1 egress.cidrs take ${takenBy(mistakes, "egress.cidrs")}`,
      fix: "fewer pptp-fleet:sshPublicKeys, ssh-ed25519 in place of ssh-rsa: one of 4096 bits takes as much as a dozen of them; fewer, larger pptp-fleet:egress.cidrs",
    },
  ]);
});

/** As the message says it. */
const takenBy = (mistakes: { allowed: string }[], key: string): string =>
  new RegExp(`${key} take (\\d+)`).exec(mistakes[0]!.allowed)![1]!;

test("many networks are named too", () => {
  const config = { ...ADMIN, sshPublicKeys: times(20, ed25519Of), egress: { cidrs } };
  const { mistakes, size } = planned(config);
  expect(mistakes).toMatchObject([
    { key: "sshPublicKeys", allowed: expect.stringMatching(/50 egress\.cidrs take/) },
  ]);
  expect(Number(takenBy(mistakes, "egress.cidrs"))).toBeGreaterThan(150);
  expect(Number(takenBy(mistakes, "sshPublicKeys"))).toBe(size - planned({ egress: { cidrs } }).size);
});

test("the fixes are true: an RSA key of 4096 bits takes as much as a dozen of ed25519, which fit", () => {
  const { size } = planned({});
  const rsa = planned({ ...ADMIN, sshPublicKeys: [rsa4096Of(1)] }).size - size;
  const short = planned({ ...ADMIN, sshPublicKeys: times(12, ed25519Of) });
  expect(short.mistakes).toEqual([]);
  const ratio = rsa / (short.size - size);
  expect([ratio > 0.75, ratio < 1.35, ratio]).toEqual([true, true, ratio]);
});

test("nothing else of a config has no bound that fits", () => {
  const { size, mistakes } = planned(
    {
      ...{ conntrack: { mode: "track", greTimeout: 86_399, greTimeoutStream: 86_398, max: 4_194_303 } },
      egress: { mode: "routed", clientToClient: true },
      dns: ["185.95.218.42", "149.112.112.112"],
      ppp: {
        ...{ mppe: "40", trafficMayBeRead: true, idleTimeout: 604_799, sessionLimit: 2_591_999 },
        wins: ["192.168.7.9", "172.20.1.23"],
      },
      keepalive: {
        lcpEchoAdaptive: true,
        lcpEchoInterval: 17,
        lcpEchoFailure: 29,
        tcpTime: 32_766,
        tcpIntvl: 31,
      },
      kernel: {
        ...{ rmemDefault: 1_234_567, rmemMax: 2_147_483_646, wmemDefault: 7_654_321, wmemMax: 2_147_483_645 },
        ...{ tcpRmem: [5123, 98_765, 1_987_654_321], tcpWmem: [6123, 87_654, 1_876_543_219] },
        ...{ netdevMaxBacklog: 987_653, somaxconn: 64_321, tcpMaxSynBacklog: 976_531, fileMax: 987_654_321 },
        ...{ ipLocalPortRange: [12_345, 64_999], tcpMtuProbing: 2 },
      },
      nic: { irq: "spread", moderation: 987, txqueuelen: 9876, qdisc: "pfifo_fast", governor: "schedutil" },
      limits: {
        initialPacketTimeout: 59,
        dialsPerSecond: 9871,
        dialBurst: 9137,
        connectionsPerSource: 499,
        halfOpen: 63_421,
      },
      pathMtu: 8196,
      mtu: { mtu: 8111, mru: 8098, mss: 7999 },
      sessionsPerServer: 500,
    },
    // Stacks' names have 100 characters at most.
    "s-4f9a1c7e2b8d6035a9e1c4b7f2d8e6a0c3b5917e4d2f8a6c0b1e9d7f5a3c2e4b6d8f0a1c3e5b7d9f2a4c6e8b0d1f3a5",
  );
  expect(mistakes).toEqual([]);
  expect(size).toBeLessThan(USER_DATA_LIMIT - 300);
});
