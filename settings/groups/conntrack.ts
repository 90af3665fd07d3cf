/** `conntrack`: what a server's own connection tracking does with tunnels, and how long it keeps TCP, on gateways too. */
import { z } from "zod";
import { group } from "./tuning.ts";

const MODES = "lab/server/path/conntrack.test.ts: carries tunnels, with a flow for each call";
const REFUSED = "settings/groups/groups.test.ts: what contradicts conntrack.mode";
const ONLY_TRACK = "only with conntrack.mode track";

/** What the plan takes for a member that the config leaves out; of `helper` and GRE's timeouts with `track` only. */
export const UNSET = {
  helper: true,
  /** Seconds: nf_conntrack_gre_timeout and nf_conntrack_gre_timeout_stream, the kernel's own. */
  greTimeout: 30,
  greTimeoutStream: 180,
  /** Entries: flows that a busy client keeps through NAT; devices that speak PPTP only keep a few. Our choice, not measured. */
  flowsPerSession: 256,
  /** Entries: control connections, the machine's own, and what has ended and not timed out. Our choice, not measured. */
  flowsOfItsOwn: 4096,
} as const;

export const conntrack = group(
  "conntrack",
  {
    // Two words of the field for the same, and the plan knows the first only.
    mode: z.enum(["bypass", "untracked", "track"]).default("bypass"),
    helper: z.boolean().exactOptional(),
    greTimeout: z.int().min(1).max(86_400).exactOptional(),
    greTimeoutStream: z.int().min(1).max(86_400).exactOptional(),
    tcpTimeoutEstablished: z.int().min(61).max(864_000).default(432_000),
    max: z.int().min(4096).max(4_194_304).exactOptional(),
  },
  {
    mode: {
      description:
        "bypass leaves the tunnels' outer GRE untracked (untracked says the same); track follows it with the PPTP helper.",
      allowed: "bypass, untracked or track",
      example: "bypass",
      sets: "nftables notrack and `ct state untracked accept`, or `ct helper`",
      own: "tracked without a helper",
      why: "What is not tracked needs no entry that could time out or fill up. It is never `established`, so notrack and the rule that says untracked stand or fall together.",
      costs: "nothing; inner traffic is tracked where it is NATed, all the same",
      traps: ["untracked-is-never-established", "conntrack-helper-is-gone"],
      test: "lab/server/path/conntrack.test.ts: is dropped without the rule that says untracked",
    },
    helper: {
      description: `Whether conntrack reads PPTP's control connection, so that each call is a flow of its own; ${UNSET.helper} with track.`,
      allowed: `true or false, ${ONLY_TRACK}`,
      example: "true",
      sets: "nftables ct helper pptp, on input and output",
      own: "none since kernel 6.0",
      why: "Without it all calls of one address are one flow to conntrack.",
      costs: "each control packet is read by the kernel",
      traps: ["conntrack-helper-is-gone"],
      test: MODES,
    },
    greTimeout: {
      description: `Seconds that conntrack keeps GRE which nobody has answered; ${UNSET.greTimeout} with track.`,
      allowed: `a whole number of seconds from 1 to 86400, ${ONLY_TRACK}`,
      unit: "s",
      example: `${UNSET.greTimeout}`,
      sets: "net.netfilter.nf_conntrack_gre_timeout",
      own: `${UNSET.greTimeout}`,
      why: "The kernel's own, said so that the chain of timers can be checked against it.",
      costs: "nothing",
      source: "kernel: nf_conntrack-sysctl",
      test: REFUSED,
    },
    greTimeoutStream: {
      description: `Seconds that conntrack keeps a quiet GRE flow with traffic both ways; ${UNSET.greTimeoutStream} with track.`,
      allowed: `a whole number of seconds from 1 to 86400, above keepalive.lcpEchoInterval, ${ONLY_TRACK}`,
      unit: "s",
      example: `${UNSET.greTimeoutStream}`,
      sets: "net.netfilter.nf_conntrack_gre_timeout_stream",
      own: `${UNSET.greTimeoutStream}`,
      why: "LCP echo must come sooner, or a quiet tunnel is forgotten.",
      costs: "nothing",
      traps: ["idle-timers-on-the-path"],
      source: "kernel: nf_conntrack-sysctl",
      test: MODES,
    },
    tcpTimeoutEstablished: {
      description:
        "Seconds that conntrack keeps a quiet TCP connection: PPTP's control, and clients' own under NAT; on gateways, what they translate.",
      allowed: "a whole number of seconds from 61 to 864000, above PPTP's echo and its answer, 120",
      unit: "s",
      example: "432000",
      sets: "net.netfilter.nf_conntrack_tcp_timeout_established",
      own: "432000",
      why: "The kernel's own five days, said so that nothing shorter cuts a device that is quiet for hours.",
      costs: "an entry for five days for each connection that ended without a word",
      source: "kernel: nf_conntrack-sysctl; RFC 5382, REQ-5",
      test: "lab/first-boot/server.test.ts: has the kernel settings that its file says",
    },
    max: {
      description: `Entries that conntrack may hold; unset: ${UNSET.flowsPerSession} a session, and ${UNSET.flowsOfItsOwn} more.`,
      allowed: "a whole number of entries from 4096 to 4194304",
      unit: "entries",
      example: "262144",
      sets: "net.netfilter.nf_conntrack_max, and the hash's buckets",
      own: "by memory, 65536 with 2 GiB",
      why: "Sized from the session limit, with a bucket for each entry, so that a full server finds a flow in one step and never drops one for want of room; the same where clients are not NATed, as a server that was NAT has their entries for days, and new dials need room beside them.",
      costs: "about 320 bytes an entry in use, 8 a bucket always",
      source: "kernel: nf_conntrack-sysctl",
      test: "lab/first-boot/server.test.ts: has the kernel settings that its file says",
    },
  },
);
