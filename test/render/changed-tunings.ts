/** Each tuning that config has, as an operator would change it, and the line that then carries it. */
import type { Groups } from "../settings/groups/grouped.ts";

export const PPPD = "/etc/ppp/pptpd-options: ";
export const PPTPD = "/etc/pptpd.conf: ";
export const SYSCTL = "/etc/sysctl.d/90-pptp-fleet.conf: ";
const NFT = "/etc/nftables.conf: ";
export const UNIT = "/etc/systemd/system/pptpd.service.d/pptp-fleet.conf: ";
export const MODULES = "/etc/modules-load.d/pptpd.conf: ";

export const track = { mode: "track" };
const POOL = "10.64.0.0/24";

/** A tuning's name, a config other than the default, and what it makes of a line: the whole, or a part of it. */
export const changed: [name: string, config: Groups, line: string | RegExp][] = [
  ["mtu.mtu", { mtu: { mtu: 1404 } }, `${PPPD}mtu 1404`],
  ["mtu.mru", { mtu: { mru: 1304 } }, `${PPPD}mru 1304`],
  ["mtu.mss", { mtu: { mss: 1200 } }, `${NFT}tcp flags syn tcp option maxseg size set 1200`],
  ["keepalive.lcpEchoInterval", { keepalive: { lcpEchoInterval: 15 } }, `${PPPD}lcp-echo-interval 15`],
  ["keepalive.lcpEchoFailure", { keepalive: { lcpEchoFailure: 7 } }, `${PPPD}lcp-echo-failure 7`],
  ["keepalive.lcpEchoAdaptive", { keepalive: { lcpEchoAdaptive: true } }, `${PPPD}lcp-echo-adaptive`],
  ["keepalive.tcpTime", { keepalive: { tcpTime: 90 } }, `${SYSCTL}net.ipv4.tcp_keepalive_time = 90`],
  ["keepalive.tcpIntvl", { keepalive: { tcpIntvl: 9 } }, `${SYSCTL}net.ipv4.tcp_keepalive_intvl = 9`],
  ["keepalive.tcpProbes", { keepalive: { tcpProbes: 8 } }, `${SYSCTL}net.ipv4.tcp_keepalive_probes = 8`],
  [
    "conntrack.mode",
    { conntrack: track },
    `${NFT}ip protocol gre iifname != "ppp*" ct state { new, established, related } accept`,
  ],
  ["conntrack.helper", { conntrack: track }, `${NFT}type "pptp" protocol tcp;`],
  [
    "conntrack.greTimeout",
    { conntrack: { ...track, greTimeout: 44 } },
    `${SYSCTL}net.netfilter.nf_conntrack_gre_timeout = 44`,
  ],
  [
    "conntrack.greTimeoutStream",
    { conntrack: { ...track, greTimeoutStream: 444 } },
    `${SYSCTL}net.netfilter.nf_conntrack_gre_timeout_stream = 444`,
  ],
  [
    "conntrack.tcpTimeoutEstablished",
    { conntrack: { tcpTimeoutEstablished: 7440 } },
    `${SYSCTL}net.netfilter.nf_conntrack_tcp_timeout_established = 7440`,
  ],
  ["conntrack.max", { conntrack: { max: 5000 } }, `${SYSCTL}net.netfilter.nf_conntrack_max = 5000`],
  ["conntrack.max", { conntrack: { max: 5000 } }, `${SYSCTL}net.netfilter.nf_conntrack_buckets = 8192`],
  ["kernel.rmemDefault", { kernel: { rmemDefault: 300_000 } }, `${SYSCTL}net.core.rmem_default = 300000`],
  ["kernel.rmemMax", { kernel: { rmemMax: 1_300_001 } }, `${SYSCTL}net.core.rmem_max = 1300001`],
  ["kernel.wmemDefault", { kernel: { wmemDefault: 300_002 } }, `${SYSCTL}net.core.wmem_default = 300002`],
  ["kernel.wmemMax", { kernel: { wmemMax: 300_003 } }, `${SYSCTL}net.core.wmem_max = 300003`],
  [
    "kernel.tcpRmem",
    { kernel: { tcpRmem: [4096, 8192, 9000] } },
    `${SYSCTL}net.ipv4.tcp_rmem = 4096 8192 9000`,
  ],
  [
    "kernel.tcpWmem",
    { kernel: { tcpWmem: [4096, 8192, 9001] } },
    `${SYSCTL}net.ipv4.tcp_wmem = 4096 8192 9001`,
  ],
  [
    "kernel.netdevMaxBacklog",
    { kernel: { netdevMaxBacklog: 999 } },
    `${SYSCTL}net.core.netdev_max_backlog = 999`,
  ],
  ["kernel.somaxconn", { kernel: { somaxconn: 1024 } }, `${SYSCTL}net.core.somaxconn = 1024`],
  [
    "kernel.tcpMaxSynBacklog",
    { kernel: { tcpMaxSynBacklog: 512 } },
    `${SYSCTL}net.ipv4.tcp_max_syn_backlog = 512`,
  ],
  ["kernel.fileMax", { kernel: { fileMax: 65_537 } }, `${SYSCTL}fs.file-max = 65537`],
  [
    "kernel.ipLocalPortRange",
    { kernel: { ipLocalPortRange: [20_000, 30_000] } },
    `${SYSCTL}net.ipv4.ip_local_port_range = 20000 30000`,
  ],
  ["kernel.tcpMtuProbing", { kernel: { tcpMtuProbing: 2 } }, `${SYSCTL}net.ipv4.tcp_mtu_probing = 2`],
  [
    "kernel.tcpCongestionControl",
    { kernel: { tcpCongestionControl: "cubic" } },
    `${SYSCTL}net.ipv4.tcp_congestion_control = cubic`,
  ],
  ["kernel.tcpCongestionControl", { kernel: { tcpCongestionControl: "cubic" } }, `${MODULES}tcp_cubic`],
  [
    "kernel.defaultQdisc",
    { kernel: { defaultQdisc: "fq_codel" } },
    `${SYSCTL}net.core.default_qdisc = fq_codel`,
  ],
  ["kernel.defaultQdisc", { kernel: { defaultQdisc: "fq_codel" } }, `${MODULES}sch_fq_codel`],
  ["nic.queues", { nic: { queues: 5 } }, /nic@\.service: Environment=.*\bNIC_QUEUES=5\b/],
  ["nic.irq", { nic: { irq: "spread" } }, /nic@\.service: Environment=.*\bNIC_IRQ=spread\b/],
  ["nic.rps", { nic: { rps: false } }, /nic@\.service: Environment=.*\bNIC_RPS=off\b/],
  ["nic.xps", { nic: { xps: false } }, /nic@\.service: Environment=.*\bNIC_XPS=off\b/],
  ["nic.ring", { nic: { ring: "keep" } }, /nic@\.service: Environment=.*\bNIC_RING=keep\b/],
  ["nic.moderation", { nic: { moderation: 50 } }, /nic@\.service: Environment=.*\bNIC_MODERATION=50\b/],
  ["nic.gro", { nic: { gro: false } }, /nic@\.service: Environment=.*\bNIC_GRO=off\b/],
  ["nic.gso", { nic: { gso: false } }, /nic@\.service: Environment=.*\bNIC_GSO=off\b/],
  ["nic.tso", { nic: { tso: false } }, /nic@\.service: Environment=.*\bNIC_TSO=off\b/],
  ["nic.qdisc", { nic: { qdisc: "keep" } }, /nic@\.service: Environment=.*\bNIC_QDISC=keep\b/],
  [
    "nic.governor",
    { nic: { governor: "schedutil" } },
    /nic@\.service: Environment=.*\bNIC_GOVERNOR=schedutil\b/,
  ],
  ["nic.txqueuelen", { nic: { txqueuelen: 7 } }, /^\/etc\/ppp\/ip-up\.d\/pptp-fleet: .* txqueuelen 7\b/],
  ["ppp.mppe", { ppp: { mppe: "40", trafficMayBeRead: true } }, `${PPPD}require-mppe-40`],
  ["ppp.mppe", { ppp: { mppe: "none", trafficMayBeRead: true } }, `${PPPD}nomppe`],
  ["ppp.idleTimeout", { ppp: { idleTimeout: 3600 } }, `${PPPD}idle 3600`],
  ["ppp.sessionLimit", { ppp: { sessionLimit: 86_400 } }, `${PPPD}maxconnect 86400`],
  ["ppp.wins", { ppp: { wins: ["10.42.0.9"] } }, `${PPPD}ms-wins 10.42.0.9`],
  [
    "limits.initialPacketTimeout",
    { limits: { initialPacketTimeout: 9 } },
    "/etc/default/pptpd: DAEMON_OPTS='--stimeout 9'",
  ],
  ["limits.initialPacketTimeout", { limits: { initialPacketTimeout: 9 } }, `${NFT}timeout 36s`],
  ["limits.dialsPerSecond", { limits: { dialsPerSecond: 3 } }, /limit rate over 3\/second burst 40 packets/],
  ["limits.dialBurst", { limits: { dialBurst: 9 } }, /limit rate over 10\/second burst 9 packets/],
  ["limits.connectionsPerSource", { limits: { connectionsPerSource: 12 } }, /ct count over 12 \}/],
  [
    "limits.halfOpenPerSource",
    { limits: { halfOpenPerSource: 5 } },
    `${NFT}ct mark set numgen inc mod 5 offset 1`,
  ],
  ["limits.halfOpen", { limits: { halfOpen: 77 } }, `${NFT}size 77`],
  [
    "egress.mode",
    { egress: { mode: "routed" } },
    `${NFT}oifname "ppp*" ip daddr ${POOL} ip saddr { 10.42.0.0/16 } accept`,
  ],
  [
    "egress.cidrs",
    { egress: { cidrs: ["10.9.0.0/16", "10.11.0.0/16"] } },
    `${NFT}iifname "ppp*" ip saddr ${POOL} ip daddr { 10.9.0.0/16, 10.11.0.0/16 } accept`,
  ],
  [
    "egress.clientToClient",
    { egress: { clientToClient: true } },
    `${NFT}iifname "ppp*" oifname "ppp*" ip saddr ${POOL} ip daddr ${POOL} accept`,
  ],
];
