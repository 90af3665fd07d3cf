/** PPTP's packets on their way: sizes, errors, connection tracking, what stands between client and server. */
import type { Topic } from "./trap.ts";

const GATEWAY = "lab/namespaces/gateway.test.ts";

export const ofGre = {
  "default-mtu-fragments": {
    seen: "A tunnel adds 37 to 44 bytes to an inner packet (GRE with or without an acknowledgement, PPP header compression on or off). The largest inner packet that is never fragmented on 1,500 is 1,456; pppd's default of 1,496 goes out in two.",
    versions: "pptpd 1.5.0 and pppd 2.5.2, Debian 13",
    answer: "The plan derives MTU, MRU and MSS from the path's MTU.",
    test: "lab/server/path/mtu.test.ts: left out send full packets in two",
  },
  "fixed-mss-only-lowers": {
    seen: "nftables' fixed `maxseg size set` lowers an MSS and never raises it; `rt mtu` clamps both directions by the route that each takes.",
    versions: "Linux 6.12 and nft 1.1.3, Debian 13",
    answer: "Both rules, from the plan.",
    test: "lab/server/path/mtu.test.ts: follows a client's smaller MRU by the route's MTU, which a fixed value alone does not",
  },
  "icmp-error-ends-tunnel": {
    seen: "An ICMP error about a tunnel's GRE ends the tunnel: the raw socket returns it as an error, and pptpctrl exits.",
    versions: "pptpd 1.5.0, Debian 13",
    answer:
      "GRE leaves without DF (net.ipv4.ip_no_pmtu_disc), ICMP errors about GRE do not reach the socket, and nothing of ours rejects GRE. The inner path keeps its fragmentation-needed.",
    test: "lab/server/path/icmp.test.ts: ends the tunnel where a rule lets it in, as firewalls usually do",
  },
  "frag-needed-goes-to-dialled-address": {
    seen: "A router's fragmentation-needed about outer GRE goes to the address that the client dialled: the gateway, and not the server that could heed it.",
    versions: "Linux 6.12, Debian 13",
    answer:
      "The gateway clears DF on outgoing GRE, by `ip frag-off`, which mends the header's checksum; `@nh` does not.",
    test: `${GATEWAY}: has no DF, whatever it came with`,
  },
  "fragments-carry-no-call-id": {
    seen: "Fragments after the first have no GRE header, so nothing can route them by call ID: none of five packets arrived.",
    versions: "Linux 6.12 and nft 1.1.3, Debian 13",
    answer:
      "Any `ct` expression in the gateway's rules has the kernel put fragments together before it sees them, without tracking. And outer packets are made to need no fragments.",
    test: `${GATEWAY}: does not where no \`ct\` is left in the rules, which is what puts fragments together`,
  },
  "untracked-is-never-established": {
    seen: "GRE that skips connection tracking is never `established` or `related`: rules that ask for that drop it.",
    versions: "Linux 6.12 and nft 1.1.3, Debian 13",
    answer: "`notrack` and `ct state untracked accept` come together, or neither.",
    test: "lab/server/path/conntrack.test.ts: is dropped without the rule that says untracked, and passes with it",
  },
  "conntrack-helper-is-gone": {
    seen: "net.netfilter.nf_conntrack_helper is gone since kernel 6.0, and nf_conntrack_proto_gre is no module any more. Without a helper all calls of one address are one flow.",
    versions: "Linux 6.0 and later",
    answer: "Where GRE is tracked, an explicit `ct helper` rule, on input and output.",
    test: "lab/server/path/conntrack.test.ts: carries tunnels, with a flow for each call and the kernel's PPTP helper",
  },
  "idle-timers-on-the-path": {
    seen: "An NLB forgets TCP that is quiet for 350 s, security groups on Nitro v6 do so too, and clients' NATs forget sooner.",
    versions: "AWS's pages; RFC 5382; the kernel's nf_conntrack-sysctl",
    answer:
      "The plan puts every timer into two chains, GRE under LCP echo and the control connection under PPTP's echo, and refuses a config that breaks one.",
    test: "plan/tunnel/timers.test.ts: a config that breaks a chain is refused, with the chain",
  },
  "redirects-bypass-the-gateway": {
    seen: "A gateway with one interface sends ICMP redirects, and servers that obey them bypass it: 13 of 15 packets were lost.",
    versions: "Linux 6.12, Debian 13",
    answer: "Gateways send none, and servers take none.",
    test: `${GATEWAY}: it sends no redirect, though all that it forwards leaves where it came in`,
  },
  "gre-names-no-gateway": {
    seen: "With two zones, a server's outgoing GRE does not say which gateway its client dialled.",
    versions: "RFC 2637",
    answer:
      "A server is reached by its own zone's gateway only: cross-zone is off on balancer and target group, and the server's default route is that gateway.",
    test: "lab/vpc/mutations.test.ts: at lcp: the target group crosses zones, and the call meets the other zone's server",
  },
} satisfies Topic;
