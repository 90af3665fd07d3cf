/** What every machine has and no config changes: the same facts as of a config key, and the value. */
import type { Tuning } from "../settings/tuning.ts";
import { fixedOfCalls } from "./fixed-calls.ts";
import { fixedOfGateway } from "./fixed-gateway.ts";

export interface FixedTuning extends Tuning {
  /** As it stands in the file. */
  value: string;
}

const READ_BACK = "lab/guest/first-boot.test.ts: has the kernel settings that its file says";

export const fixed = {
  ipForward: {
    sets: "net.ipv4.ip_forward",
    value: "1",
    own: "0",
    why: "Packets between tunnels and the network.",
    costs: "nothing",
    source: "kernel: ip-sysctl",
    test: READ_BACK,
  },
  ipNoPmtuDisc: {
    sets: "net.ipv4.ip_no_pmtu_disc",
    value: "1",
    own: "0",
    why: "No DF on outgoing GRE: the first router with a smaller MTU would answer with an ICMP error that ends the tunnel. The tunnels' inner packets keep their DF and their answer.",
    costs: "path MTU discovery for this machine's own TCP (see tcp_mtu_probing)",
    source: "traps 7 and 23",
    test: "lab/guest/icmp.test.ts: has no DF",
  },
  acceptRedirects: {
    sets: "net.ipv4.conf.{all,default,*}.accept_redirects",
    value: "0",
    own: "1",
    why: "Whoever sends us redirects could lead tunnels around the way they are filtered on.",
    costs: "nothing",
    source: "trap 22",
    test: READ_BACK,
  },
  sendRedirects: {
    sets: "net.ipv4.conf.{all,default,*}.send_redirects",
    value: "0",
    own: "1",
    why: "We have one interface besides the tunnels: there is no shorter way to tell of.",
    costs: "nothing",
    source: "trap 22",
    test: READ_BACK,
  },
  rpFilter: {
    sets: "net.ipv4.conf.{all,default,*}.rp_filter",
    value: "1",
    own: "2, loose (systemd)",
    why: "A packet is taken only from the interface on which an answer would leave: strict, which one interface besides the tunnels bears. From a tunnel that is the client's own address and no other.",
    costs: "a second network card could not carry one direction only",
    source: "RFC 3704, 2.2",
    test: "lab/guest/egress.test.ts: a client that sends from another's address",
  },
  spoofed: {
    sets: "nftables fib saddr . iif",
    value: "drop",
    own: "none",
    why: "A client sends from its own address only. rp_filter does the same and counts nothing; this counts, and holds where an interface's own rp_filter was changed.",
    costs: "a route lookup for each new flow from a tunnel",
    source: "RFC 2827",
    test: "lab/guest/egress.test.ts: a client that sends from another's address",
  },
  icmpAboutGre: {
    sets: "nftables drop of ICMP errors about GRE, in",
    value: "drop",
    own: "they reach pptpd",
    why: "One ICMP error about a GRE packet (protocol 47 in the header that it quotes) ends the tunnel: the raw socket returns it as an error, and pptpctrl exits.",
    costs: "a tunnel to a host that is gone lives until LCP echo ends it",
    source: "trap 7",
    test: "lab/guest/icmp.test.ts: ends the tunnel where a rule lets it in",
  },
  ownIcmpAboutGre: {
    sets: "nftables drop of ICMP errors about GRE, out",
    value: "drop",
    own: "they are sent",
    why: "A GRE packet that finds pptpd's socket full, or its session just gone, is answered by the kernel with protocol unreachable, and that ends the client's end of the tunnel.",
    costs: "nothing",
    source: "measured on 6.12: an upload as fast as the path lost three tunnels of three",
    test: "lab/guest/icmp.test.ts: is not sent by the server",
  },
  msChapV2: {
    sets: "pppd require-mschap-v2, refuse-*",
    value: "MS-CHAPv2 only",
    own: "whatever the client offers",
    why: "What comes before it is broken by anyone who listens, and MPPE needs its keys.",
    costs: "devices that know nothing newer than MS-CHAPv1 are refused",
    source: "RFC 2759",
    test: "lab/guest/mppe.test.ts: a client that knows CHAP with MD5 only",
  },
  noCompression: {
    sets: "pppd nobsdcomp nodeflate novj novjccomp",
    value: "off",
    own: "BSD, deflate and VJ are offered",
    why: "MPPE must see each packet as it is: compression under it saves nothing, and VJ breaks on a lost packet.",
    costs: "nothing",
    source: "RFC 3078, 4; RFC 1144",
    test: "lab/guest/tunnel.test.ts: compresses nothing",
  },
  noIpv6: {
    sets: "pppd noipv6",
    value: "off",
    own: "IPv6CP is negotiated (2.5)",
    why: "IPv4 only: nothing here filters or routes IPv6.",
    costs: "no IPv6 in tunnels",
    source: "trap 28",
    test: "lab/guest/tunnel.test.ts: compresses nothing",
  },
  noDefaultRoute: {
    sets: "pppd nodefaultroute",
    value: "off",
    own: "off, unless an options file says otherwise",
    why: "The server's default route is AWS's, not a client's.",
    costs: "nothing",
    source: "pppd(8)",
    test: "lab/guest/readers.test.ts: pppd takes the options",
  },
  noPersist: {
    sets: "pppd persist",
    value: "not set",
    own: "off",
    why: "It keeps the slot of a dead session: the recipes' `persist` is for those who dial, not for those who answer.",
    costs: "nothing",
    source: "trap 10",
    test: "lab/guest/dead-sessions.test.ts: with persist pppd stays",
  },
  noDebug: {
    sets: "pptpd debug",
    value: "not set",
    own: "off; recipes set it",
    why: "It logs every GRE packet.",
    costs: "nothing",
    source: "trap 15",
    test: "lab/guest/debug.test.ts: logs every packet where it is on",
  },
  connections: {
    sets: "pptpd connections",
    value: "sessionsPerServer",
    own: "100",
    why: "As many as there are addresses: one more is refused, and the client dials again.",
    costs: "two processes a session",
    source: "pptpd.conf(5)",
    test: "render/server.test.ts: of pptpd are its own pool and as many connections",
  },
  limitNofile: {
    sets: "LimitNOFILE of pptpd.service",
    value: "65536",
    own: "1024, hard 524288 (systemd)",
    why: "pptpd and each of its sessions are processes of their own with some 20 files each, so nothing comes near; said so that no distribution's lower default ever holds.",
    costs: "nothing",
    source: "systemd.exec(5); no gain claimed",
    test: "lab/guest/service.test.ts: pptpd runs with the unit's limits",
  },
  oomScoreAdjust: {
    sets: "OOMScoreAdjust of pptpd.service",
    value: "-900",
    own: "0",
    why: "When memory ends, something else goes before the tunnels do.",
    costs: "whatever goes instead",
    source: "systemd.exec(5)",
    test: "lab/guest/service.test.ts: pptpd runs with the unit's limits",
  },
  restart: {
    sets: "Restart of pptpd.service",
    value: "always",
    own: "no",
    why: "Debian's unit never starts pptpd again, and nobody stands beside the devices that dial it.",
    costs: "nothing",
    source: "trap 2",
    test: "lab/guest/first-boot.test.ts: pptpd comes back by itself when it dies",
  },
  hardening: {
    sets: "sandbox of pptpd.service",
    value: "see the unit",
    own: "none",
    why: "pptpd and pppd are old C that reads strangers' packets as root: they see no more of the machine than they need.",
    costs: "a script of your own in /etc/ppp/ip-up.d runs inside it too",
    source: "systemd-analyze security; measured before and after",
    test: "lab/guest/service.test.ts: pptpd is exposed less",
  },
  modules: {
    sets: "modules-load.d",
    value: "at boot",
    own: "nf_nat_pptp, from the package",
    why: "Loaded before the sysctls that they bring, and by nobody else: units only check.",
    costs: "nothing",
    source: "traps 2, 29 and 37",
    test: "lab/guest/first-boot.test.ts: has the modules that its files name",
  },
  ...fixedOfCalls,
  ...fixedOfGateway,
} satisfies Record<string, FixedTuning>;

/** What the recipes of the field set and we do not, with the reason. */
export const left: {
  name: string;
  why: string /** A path that a kernel of today does not have. */;
  gone?: string;
}[] = [
  {
    name: "net.netfilter.nf_conntrack_helper",
    why: "gone since kernel 6.0; where GRE is tracked, a `ct helper` rule says it (trap 9)",
    gone: "/proc/sys/net/netfilter/nf_conntrack_helper",
  },
  {
    name: "modprobe nf_conntrack_proto_gre, ip_conntrack_pptp, ip_gre",
    why: "no modules any more, or not PPTP's: pptpd reads GRE from a raw socket",
  },
  {
    name: "net.ipv4.tcp_tw_recycle",
    why: "gone since kernel 4.12",
    gone: "/proc/sys/net/ipv4/tcp_tw_recycle",
  },
  {
    name: "net.ipv4.tcp_fack, tcp_low_latency",
    why: "without effect since kernel 4.15 and 4.14",
  },
  { name: "net.ipv4.tcp_window_scaling, tcp_sack, tcp_timestamps = 1", why: "the defaults" },
  { name: "net.ipv4.tcp_tw_reuse", why: "serves those who dial out by the thousand; this machine does not" },
  {
    name: "net.core.rps_sock_flow_entries (RFS)",
    why: "leads packets to the CPU of the program that reads a socket; what is forwarded has none",
  },
  {
    name: "net.core.busy_poll, busy_read",
    why: "spins a CPU for sockets that ask for it; pptpd does not, and the CPU has tunnels to carry",
  },
  { name: "vm.swappiness, vm.dirty_ratio", why: "there is no swap, and tunnels write nothing" },
  {
    name: "stimeout in pptpd.conf",
    why: "pptpd does not hear it there (trap 4): /etc/default/pptpd says it",
  },
  {
    name: "nomppe-56, mppe-128, mppe-stateless",
    why: "pppd refuses them, and then every dial fails (trap 3)",
  },
  { name: "proxyarp", why: "clients have a network of their own; nobody asks for them by ARP" },
  {
    name: "ktune, lock, nologfd",
    why: "sets ip_forward, which is set; locks a serial line; serial lines again",
  },
  {
    name: "logwtmp",
    why: "a plugin that writes a file which nothing here reads or rotates; the journal has every session",
  },
  {
    name: "mtu 1400 and an MSS of 1360, whatever the path",
    why: "right for some path between 1440 and 1444: here the path decides (pathMtu)",
  },
];
