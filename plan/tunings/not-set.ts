/** Tunings that recipes for PPTP servers set and we do not, with the reason. */
import type { TrapSlug } from "../../traps/traps.ts";

/** In the order of docs/tunings.md; `name` as a recipe writes it, of several alike one entry. */
export const notSet: {
  name: string;
  why: string;
  /** A path that a kernel of today does not have. */
  gone?: string;
  /** Where docs/traps.md has more of it. */
  traps?: readonly TrapSlug[];
}[] = [
  {
    name: "net.netfilter.nf_conntrack_helper",
    why: "gone since kernel 6.0; where GRE is tracked, a `ct helper` rule says it",
    traps: ["conntrack-helper-is-gone"],
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
    why: "pptpd does not hear it there: /etc/default/pptpd says it",
    traps: ["stimeout-unheard-in-file"],
  },
  {
    name: "nomppe-56, mppe-128, mppe-stateless",
    why: "pppd refuses them, and then every dial fails",
    traps: ["option-that-pppd-refuses"],
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
