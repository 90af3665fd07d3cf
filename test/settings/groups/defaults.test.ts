/** What a stack gets whose config says nothing. */
import { expect, test } from "vitest";
import { givenSettings } from "../../shared/given.ts";

test("the groups have these defaults", () => {
  const { mtu, keepalive, conntrack, kernel, nic, ppp, limits, egress } = givenSettings();
  expect({ mtu, keepalive, conntrack, kernel, nic, ppp, limits, egress }).toEqual({
    mtu: {},
    keepalive: {
      lcpEchoInterval: 20,
      lcpEchoFailure: 3,
      lcpEchoAdaptive: false,
      clientNatGre: 60,
      clientNatTcp: 300,
      nlbTcpIdle: 350,
      tcpTime: 120,
      tcpIntvl: 30,
      tcpProbes: 5,
    },
    conntrack: { mode: "bypass", tcpTimeoutEstablished: 432_000 },
    kernel: {
      rmemDefault: 1_048_576,
      rmemMax: 16_777_216,
      wmemDefault: 262_144,
      wmemMax: 16_777_216,
      tcpRmem: [4096, 87_380, 16_777_216],
      tcpWmem: [4096, 65_536, 16_777_216],
      netdevMaxBacklog: 16_384,
      somaxconn: 4096,
      tcpMaxSynBacklog: 8192,
      fileMax: 2_097_152,
      ipLocalPortRange: [10_240, 65_535],
      tcpMtuProbing: 1,
      tcpCongestionControl: "bbr",
      defaultQdisc: "fq",
    },
    nic: {
      irq: "irqbalance",
      rps: true,
      xps: true,
      ring: "max",
      moderation: "adaptive",
      gro: true,
      gso: true,
      tso: true,
      qdisc: "fq_codel",
      txqueuelen: 100,
      governor: "performance",
    },
    ppp: { mppe: "128", trafficMayBeRead: false, idleTimeout: 0, sessionLimit: 0, wins: [] },
    limits: {
      initialPacketTimeout: 5,
      dialsPerSecond: 10,
      dialBurst: 40,
      halfOpenPerSource: 3,
      halfOpen: 4096,
    },
    egress: { mode: "nat", cidrs: [], clientToClient: false, routeTableIds: [] },
  });
});
