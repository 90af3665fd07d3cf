/** What a stack gets whose config says nothing. */
import { expect, test } from "vitest";
import { givenSettings } from "../../shared/given.ts";

test("the groups have these defaults (npx vitest run --project unit test/settings/groups/defaults.test.ts -u)", () => {
  const { mtu, keepalive, conntrack, kernel, nic, ppp, limits, egress } = givenSettings();
  expect({ mtu, keepalive, conntrack, kernel, nic, ppp, limits, egress }).toMatchInlineSnapshot(`
    {
      "conntrack": {
        "mode": "bypass",
        "tcpTimeoutEstablished": 432000,
      },
      "egress": {
        "cidrs": [],
        "clientToClient": false,
        "mode": "nat",
        "routeTableIds": [],
      },
      "keepalive": {
        "clientNatGre": 60,
        "clientNatTcp": 300,
        "lcpEchoAdaptive": false,
        "lcpEchoFailure": 3,
        "lcpEchoInterval": 20,
        "nlbTcpIdle": 350,
        "tcpIntvl": 30,
        "tcpProbes": 5,
        "tcpTime": 120,
      },
      "kernel": {
        "defaultQdisc": "fq",
        "fileMax": 2097152,
        "ipLocalPortRange": [
          10240,
          65535,
        ],
        "netdevMaxBacklog": 16384,
        "rmemDefault": 1048576,
        "rmemMax": 16777216,
        "somaxconn": 4096,
        "tcpCongestionControl": "bbr",
        "tcpMaxSynBacklog": 8192,
        "tcpMtuProbing": 1,
        "tcpRmem": [
          4096,
          87380,
          16777216,
        ],
        "tcpWmem": [
          4096,
          65536,
          16777216,
        ],
        "wmemDefault": 262144,
        "wmemMax": 16777216,
      },
      "limits": {
        "dialBurst": 40,
        "dialsPerSecond": 10,
        "halfOpen": 4096,
        "halfOpenPerSource": 3,
        "initialPacketTimeout": 5,
      },
      "mtu": {},
      "nic": {
        "governor": "performance",
        "gro": true,
        "gso": true,
        "irq": "irqbalance",
        "moderation": "adaptive",
        "qdisc": "fq_codel",
        "ring": "max",
        "rps": true,
        "tso": true,
        "txqueuelen": 100,
        "xps": true,
      },
      "ppp": {
        "idleTimeout": 0,
        "mppe": "128",
        "sessionLimit": 0,
        "trafficMayBeRead": false,
        "wins": [],
      },
    }
  `);
});
