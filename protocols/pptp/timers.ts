/**
 * What keeps a quiet tunnel of PPTP alive: two flows, and each has its own clock. LCP echo keeps GRE's state alive wherever
 * it is kept, PPTP's echo keeps the control connection's. What speaks must speak before the first of those that forget.
 */
import { type Chain, chain, type Keepalive, type Path } from "../protocol.ts";
import { CONTROL, GRE } from "./flows.ts";

/** pptpd sends its echo after as many seconds of quiet, and waits as long for the answer; both are fixed in its source. */
export const PPTP_ECHO = 60;

/** GRE's chain, then the control connection's. */
export function chains({ lcpEchoInterval, clientNatGre, clientNatTcp }: Keepalive, path: Path): Chain[] {
  return [
    chain(
      GRE,
      {
        name: "LCP echo",
        seconds: lcpEchoInterval,
        source: "lcp-echo-interval",
        key: "keepalive.lcpEchoInterval",
      },
      [
        {
          name: "a client's NAT",
          seconds: clientNatGre,
          source: "the shortest of the usual 60 to 300",
          key: "keepalive.clientNatGre",
        },
        ...(path.tracking.gre === undefined ? [] : [path.tracking.gre]),
        path.group.others,
      ],
    ),
    chain(
      CONTROL,
      {
        name: "PPTP echo, and its answer",
        seconds: 2 * PPTP_ECHO,
        source: `fixed in pptpd: ${PPTP_ECHO} of quiet, then ${PPTP_ECHO} more`,
      },
      [
        {
          name: "a client's NAT",
          seconds: clientNatTcp,
          source: "usually 300 and more",
          key: "keepalive.clientNatTcp",
        },
        path.balancer.tcp,
        path.group.tcp,
        path.tracking.tcp,
      ],
    ),
  ];
}
