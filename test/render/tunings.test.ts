/** From config to the line that carries it: each tuning in turn, as an operator would change it. */
import { describe, expect, test } from "vitest";
import { makePlan } from "../../plan/plan.ts";
import { tunings } from "../../plan/tunings/tunings.ts";
import { renderGateway } from "../../render/gateway.ts";
import { type RenderedMachine, renderServer } from "../../render/server.ts";
import { type Groups, read } from "../settings/groups/grouped.ts";
import { givenFacts } from "../shared/given.ts";

/** Every line of a server's files as `path: line`, and of a gateway's as `gateway path: line`, without what indents it. */
function lines(config: Groups = {}): string[] {
  const plan = makePlan({ ...read(config), frontDoor: "nlb" }, givenFacts(), "dev");
  const told = ({ files }: RenderedMachine, prefix: string) =>
    files.flatMap(({ path, content }) =>
      content.split("\n").map((line) => `${prefix}${path}: ${line.trim()}`),
    );
  return [
    ...told(renderServer(plan, plan.servers[0]!), ""),
    ...told(renderGateway(plan, plan.gateways[0]!), "gateway "),
  ];
}

const PPPD = "/etc/ppp/pptpd-options: ";
const PPTPD = "/etc/pptpd.conf: ";
const SYSCTL = "/etc/sysctl.d/90-pptp-fleet.conf: ";
const NFT = "/etc/nftables.conf: ";
const UNIT = "/etc/systemd/system/pptpd.service.d/pptp-fleet.conf: ";
const MODULES = "/etc/modules-load.d/pptpd.conf: ";

const track = { mode: "track" };
const POOL = "10.64.0.0/24";

/** A tuning's name, a config other than the default, and what it makes of a line: the whole, or a part of it. */
const changed: [name: string, config: Groups, line: string | RegExp][] = [
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

/** What no config changes, and its line; that of a part which only some configs have is above, with such a config. */
const always: [name: string, line: string | RegExp][] = [
  ["fixed.ipForward", `${SYSCTL}net.ipv4.ip_forward = 1`],
  ["fixed.ipNoPmtuDisc", `${SYSCTL}net.ipv4.ip_no_pmtu_disc = 1`],
  ["fixed.acceptRedirects", `${SYSCTL}net.ipv4.conf.*.accept_redirects = 0`],
  ["fixed.sendRedirects", `${SYSCTL}net.ipv4.conf.*.send_redirects = 0`],
  ["fixed.rpFilter", `${SYSCTL}net.ipv4.conf.*.rp_filter = 1`],
  [
    "fixed.spoofed",
    /nftables\.conf: iifname "ppp\*" ct state != established fib saddr \. iif oif missing counter drop/,
  ],
  ["fixed.icmpAboutGre", /nftables\.conf: icmp type \{ .* \} @th,136,8 47 counter drop/],
  ["fixed.ownIcmpAboutGre", /nftables\.conf: .*icmp code prot-unreachable @th,136,8 47 counter drop/],
  ["fixed.msChapV2", `${PPPD}require-mschap-v2`],
  ["fixed.noCompression", `${PPPD}nodeflate`],
  ["fixed.noIpv6", `${PPPD}noipv6`],
  ["fixed.noDefaultRoute", `${PPPD}nodefaultroute`],
  ["fixed.connections", `${PPTPD}connections 250`],
  ["fixed.limitNofile", `${UNIT}LimitNOFILE=65536`],
  ["fixed.oomScoreAdjust", `${UNIT}OOMScoreAdjust=-900`],
  ["fixed.restart", `${UNIT}Restart=always`],
  ["fixed.hardening", `${UNIT}ProtectSystem=strict`],
  ["fixed.modules", `${MODULES}ppp_mppe`],
  ["fixed.callIds", "/usr/sbin/pptpctrl: [ $((place -= 1)) -ne 0 ] || argument=$((1024 + 2 * slot))"],
  ["fixed.callTitle", /^\/usr\/sbin\/pptpctrl: exec \/usr\/lib\/pptpd\/+pptpctrl "\$@"$/],
  ["fixed.healthLog", `${UNIT}LogFilterPatterns=~Client 127.0.0.1 control connection|Reaping child PPP.0.`],
  ["fixed.initramfs", "/etc/initramfs-tools/conf.d/pptp-fleet: MODULES=list"],
  ["fixed.initramfs", "/etc/initramfs-tools/conf.d/pptp-fleet: COMPRESSLEVEL=1"],
  ["fixed.initramfs", "/usr/share/initramfs-tools/modules.d/pptp-fleet: xen-blkfront"],
  [
    "fixed.modulesLeftOut",
    "/etc/dpkg/dpkg.cfg.d/pptp-fleet: path-exclude=/usr/lib/modules/*/drivers/media/*",
  ],
  ["fixed.accountsInterval", "/etc/systemd/system/pptp-fleet-accounts.timer: OnUnitInactiveSec=300"],
  ["fixed.accountsSpread", "/etc/systemd/system/pptp-fleet-accounts.timer: RandomizedDelaySec=30"],
  [
    "fixed.gatewayIpForward",
    "gateway /usr/local/sbin/pptp-fleet-gateway: echo 1 >/proc/sys/net/ipv4/ip_forward",
  ],
  ["fixed.gatewaySendRedirects", `gateway ${SYSCTL}net.ipv4.conf.*.send_redirects = 0`],
  ["fixed.gatewayRpFilter", `gateway ${SYSCTL}net.ipv4.conf.*.rp_filter = 0`],
  ["fixed.gatewayConntrackMax", `gateway ${SYSCTL}-net.netfilter.nf_conntrack_max = 262144`],
  ["fixed.healthPort", /^\/etc\/systemd\/system\/pptp-fleet-health\.service: Environment=PORT=8723\b/],
  ["fixed.healthInterval", "/usr/local/sbin/pptp-fleet-health: PACE = 5"],
];

/**
 * What has no line of its own: facts about clients' routers, an admission, AWS's routes and balancer, the dial name
 * (program/nlb.test.ts), an estimate, and what is left unset.
 */
const WITHOUT_A_LINE = [
  "keepalive.clientNatGre",
  "keepalive.clientNatTcp",
  "keepalive.nlbTcpIdle",
  "ppp.trafficMayBeRead",
  "egress.routeTableIds",
  "fixed.noPersist",
  "fixed.noDebug",
  "fixed.gatewayGap",
  "fixed.healthTimeout",
  "fixed.healthyThreshold",
  "fixed.unhealthyThreshold",
  "fixed.stickiness",
  "fixed.terminatesConnections",
  "fixed.unhealthyDraining",
  "fixed.preserveClientIp",
  "fixed.crossZone",
  "fixed.dialNameTtl",
  "fixed.alarmPeriod",
  "fixed.alarmPeriods",
];

const has = (found: string[], line: string | RegExp) =>
  found.some((each) => (typeof line === "string" ? each === line : line.test(each)));

describe("a changed member reaches its file", () => {
  const before = lines();

  test.each(changed)("%s: %j gives %s", (_, config, line) => {
    expect(has(lines(config), line)).toBe(true);
    expect(has(before, line)).toBe(false);
  });
});

test.each(always)("%s gives %s, whatever the config", (_, line) => {
  const largest = {
    conntrack: track,
    egress: { mode: "routed" },
    ppp: { mppe: "none", trafficMayBeRead: true },
  };
  expect([has(lines(), line), has(lines(largest), line)]).toEqual([true, true]);
});

test("every tuning is above, or has no line", () => {
  const told = new Set([...changed, ...always].map(([name]) => name));
  expect(
    [...tunings.keys()].filter((name) => !told.has(name)),
    "a tuning has its line in `changed`, or in `always` where no config changes it; WITHOUT_A_LINE is for those without one",
  ).toEqual(WITHOUT_A_LINE);
});

test("what is left unset stands in no line that a daemon reads", () => {
  expect(lines().filter((line) => /: (persist|debug|logwtmp|proxyarp|stimeout)\b/.test(line))).toEqual([]);
});
