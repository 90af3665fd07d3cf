/**
 * Every timer on a tunnel's path, in seconds, and the order that keeps a quiet tunnel alive.
 *
 * PPTP is two flows, and each has its own clock: LCP echo keeps GRE's state alive wherever it is kept, PPTP's
 * echo keeps TCP 1723's. Each chain must rise strictly: whatever speaks must speak before the first of those
 * that forget.
 */
export interface Timer {
  name: string;
  seconds: number;
  /** Where the number comes from. */
  source: string;
}

export interface Timers {
  /** pppd's `lcp-echo-interval`. */
  lcpEchoInterval: number;
  /** pppd's `lcp-echo-failure`: how many unanswered echoes end the session. A count, no time. */
  lcpEchoFailure: number;
  /** How long a vanished client holds its slot, at most. */
  vanishedClient: number;
  /** pptpd's `--stimeout`: how long a silent connection may keep others waiting (one at a time). */
  initialPacket: number;
  /** How often a server asks for its accounts. */
  accounts: number;
  /** LCP echo, then all that forgets GRE. */
  greChain: Timer[];
  /** PPTP echo, then all that forgets TCP 1723. */
  controlChain: Timer[];
}

export function timers(): Timers {
  const lcpEchoInterval = 20;
  const lcpEchoFailure = 3;
  return {
    lcpEchoInterval,
    lcpEchoFailure,
    // The last echo may be an interval old when the client goes; then the failures follow.
    vanishedClient: lcpEchoInterval * (lcpEchoFailure + 1),
    initialPacket: 5,
    accounts: 300,
    greChain: [
      { name: "LCP echo", seconds: lcpEchoInterval, source: "lcp-echo-interval" },
      { name: "a client's NAT, GRE, first answer", seconds: 30, source: "nf_conntrack_gre_timeout" },
      { name: "a client's NAT, GRE", seconds: 60, source: "the shortest in use" },
      { name: "security group, GRE", seconds: 600, source: "AWS: idle timeout of other protocols" },
    ],
    controlChain: [
      { name: "PPTP echo", seconds: 60, source: "fixed in pptpd, after as long a quiet" },
      { name: "PPTP echo unanswered", seconds: 120, source: "fixed in pptpd: 60 more" },
      { name: "a client's NAT, TCP", seconds: 300, source: "the longest of the usual 60 to 300" },
      { name: "security group, TCP on Nitro v6", seconds: 350, source: "AWS: idle timeout of TCP" },
    ],
  };
}
