/** What lies on the servers. One member of each group; docs/tunings.md has the others. */
import { type Case, each, GATEWAYS, NOTHING, SERVERS } from "./case.ts";

const replaced = { nlb: { replaced: SERVERS }, eip: { replaced: SERVERS } };
const rules = (prefix: string, cidr: string) =>
  each(
    "SecurityGroupEgressRule",
    ...["tcp", "udp", "icmp"].map((kind) => `${prefix}out-clients-${kind}-${cidr}`),
  );

export const cases: Case[] = [
  { change: "`pathMtu`", to: { pathMtu: 1400 }, ...replaced },
  { change: "`dns`", to: { dns: ["9.9.9.9"] }, ...replaced },
  { change: "`clientPool`", to: { clientPool: "10.128.0.0/14" }, ...replaced },
  { change: "`sessionsPerServer`", to: { sessionsPerServer: 100 }, ...replaced },
  { change: "`mtu`", to: { mtu: { mss: 1300 } }, ...replaced },
  { change: "`keepalive`, but for the next two", to: { keepalive: { lcpEchoFailure: 4 } }, ...replaced },
  {
    change: "`keepalive.nlbTcpIdle`",
    to: { keepalive: { nlbTcpIdle: 400 } },
    nlb: { updated: ["Listener"] },
    eip: NOTHING,
  },
  {
    change: "`keepalive.clientNatGre`, `clientNatTcp`: what you know of clients' NATs",
    to: { keepalive: { clientNatGre: 90, clientNatTcp: 600 } },
    nlb: NOTHING,
    eip: NOTHING,
  },
  { change: "`conntrack`, but for the next", to: { conntrack: { max: 131072 } }, ...replaced },
  {
    change: "`conntrack.tcpTimeoutEstablished`: gateways track what they translate",
    to: { conntrack: { tcpTimeoutEstablished: 86400 } },
    nlb: { replaced: [...SERVERS, ...GATEWAYS.replaced], updated: GATEWAYS.updated },
    eip: { replaced: SERVERS },
  },
  { change: "`kernel`", to: { kernel: { somaxconn: 8192 } }, ...replaced },
  { change: "`nic`", to: { nic: { rps: false } }, ...replaced },
  { change: "`ppp`", to: { ppp: { idleTimeout: 3600 } }, ...replaced },
  { change: "`limits`", to: { limits: { dialBurst: 80 } }, ...replaced },
  { change: "`egress.clientToClient`", to: { egress: { clientToClient: true } }, ...replaced },
  {
    change: "`egress.cidrs`: one more",
    from: { egress: { cidrs: ["10.1.0.0/16"] } },
    to: { egress: { cidrs: ["10.1.0.0/16", "10.2.0.0/16"] } },
    nlb: { created: [...rules("", "10.2.0.0/16"), ...rules("gateway-", "10.2.0.0/16")], replaced: SERVERS },
    eip: { created: rules("", "10.2.0.0/16"), replaced: SERVERS },
  },
];
