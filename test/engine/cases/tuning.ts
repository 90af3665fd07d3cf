/** What lies on the machines: of each group, members by how a change of them arrives (test/engine/changes/page.test.ts). */
import type { Arrival } from "../../../render/bundle-change.ts";
import { arrives, type Case, each, GATEWAY_NAMES, NOTHING, SERVER_NAMES } from "./case.ts";

const servers = (arrival: Arrival) => ({ nlb: arrives(arrival), eip: arrives(arrival) });
/** Of the gateways, what clients' own addresses may send. */
const fromPool = (pool: string) =>
  each(
    "SecurityGroupIngressRule",
    ...["clients-tcp", "clients-udp", "clients-icmp", "http", "https"].map(
      (name) => `gateway-in-${name}-${pool}`,
    ),
  );
/** The way to each server's clients, in each table. */
const clientRoutes = each(
  "Route",
  ...SERVER_NAMES.flatMap((server) => ["a", "b", "public"].map((table) => `${server}-${table}`)),
);
const TRACK = { mode: "track" };

const rules = (prefix: string, cidr: string) =>
  each(
    "SecurityGroupEgressRule",
    ...["tcp", "udp", "icmp"].map((kind) => `${prefix}out-clients-${kind}-${cidr}`),
  );

export const cases: Case[] = [
  { change: "`pathMtu`", to: { pathMtu: 1400 }, ...servers("from the next session") },
  { change: "`dns`", to: { dns: ["9.9.9.9"] }, ...servers("from the next session") },
  { change: "`clientPool`", to: { clientPool: "10.128.0.0/14" }, ...servers("once no session is left") },
  {
    change: "`clientPool`, where clients are routed",
    from: { egress: { mode: "routed" } },
    to: { clientPool: "10.128.0.0/14" },
    nlb: {
      created: fromPool("10.128.0.0/14"),
      deleted: fromPool("10.64.0.0/14"),
      replaced: clientRoutes,
      machines: {
        ...arrives("once no session is left").machines,
        ...arrives("in place", GATEWAY_NAMES).machines,
      },
    },
    eip: { replaced: clientRoutes, ...arrives("once no session is left") },
  },
  { change: "`sessionsPerServer`", to: { sessionsPerServer: 100 }, ...servers("once no session is left") },
  { change: "`mtu.mtu`, `mtu.mru`", to: { mtu: { mtu: 1404 } }, ...servers("from the next session") },
  { change: "`mtu.mss`", to: { mtu: { mss: 1300 } }, ...servers("in place") },
  {
    change: "`keepalive.lcpEchoInterval`, `keepalive.lcpEchoFailure`, `keepalive.lcpEchoAdaptive`",
    to: { keepalive: { lcpEchoFailure: 4 } },
    ...servers("from the next session"),
  },
  {
    change: "`keepalive.tcpTime`, `keepalive.tcpIntvl`, `keepalive.tcpProbes`",
    to: { keepalive: { tcpTime: 90 } },
    ...servers("in place"),
  },
  {
    change: "`keepalive.nlbTcpIdle`",
    to: { keepalive: { nlbTcpIdle: 400 } },
    nlb: { updated: ["Listener"] },
    eip: NOTHING,
  },
  {
    change: "`keepalive.clientNatGre`, `keepalive.clientNatTcp`: what you know of clients' NATs",
    to: { keepalive: { clientNatGre: 90, clientNatTcp: 600 } },
    nlb: NOTHING,
    eip: NOTHING,
  },
  { change: "`conntrack`, but for the next two", to: { conntrack: TRACK }, ...servers("in place") },
  {
    change: "`conntrack.mode`: back to `bypass`",
    from: { conntrack: TRACK },
    to: { conntrack: undefined },
    ...servers("at the next boot"),
  },
  {
    change: "`conntrack.tcpTimeoutEstablished`: gateways track what they translate",
    to: { conntrack: { tcpTimeoutEstablished: 86400 } },
    nlb: arrives("in place", [...SERVER_NAMES, ...GATEWAY_NAMES]),
    eip: arrives("in place"),
  },
  { change: "`kernel`", to: { kernel: { somaxconn: 8192 } }, ...servers("in place") },
  { change: "`nic`, but for the next", to: { nic: { rps: false } }, ...servers("in place") },
  { change: "`nic.txqueuelen`", to: { nic: { txqueuelen: 500 } }, ...servers("from the next session") },
  { change: "`ppp`", to: { ppp: { idleTimeout: 3600 } }, ...servers("from the next session") },
  { change: "`limits`, but for the next", to: { limits: { dialBurst: 80 } }, ...servers("in place") },
  {
    change: "`limits.initialPacketTimeout`",
    to: { limits: { initialPacketTimeout: 9 } },
    ...servers("once no session is left"),
  },
  { change: "`egress.clientToClient`", to: { egress: { clientToClient: true } }, ...servers("in place") },
  {
    change: "`egress.cidrs`: one more",
    from: { egress: { cidrs: ["10.1.0.0/16"] } },
    to: { egress: { cidrs: ["10.1.0.0/16", "10.2.0.0/16"] } },
    nlb: {
      created: [...rules("", "10.2.0.0/16"), ...rules("gateway-", "10.2.0.0/16")],
      ...arrives("in place"),
    },
    eip: { created: rules("", "10.2.0.0/16"), ...arrives("in place") },
  },
];
