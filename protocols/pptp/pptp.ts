/** PPTP, the Point-to-Point Tunneling Protocol (RFC 2637), as Debian's pptpd and pppd speak it. */
import type { Protocol } from "../protocol.ts";
import { CONTROL, GRE } from "./flows.ts";
import { LEGS } from "./legs.ts";
import { chains, PPTP_ECHO } from "./timers.ts";

/**
 * Measured on Debian 12 and 13: 37 to 44 bytes, by whether GRE acknowledges and PPP compresses its header. The most: outer
 * IPv4 20, GRE with acknowledgement 16, PPP 4, MPPE 4 (RFC 3078, 3: 2 bytes, and the protocol field that it hides, 2 more).
 */
const overhead = { most: 44, least: 37, encryption: 4 };

/** pptpd's listen backlog, fixed in its source (traps: backlog-of-three). */
const backlog = 3;

/** Its flows, overhead in bytes, timers in seconds and legs. */
export const pptp: Protocol<keyof typeof LEGS> = {
  name: "pptp",
  flows: [CONTROL, GRE],
  overhead,
  chains,
  keepaliveTimeout: PPTP_ECHO,
  backlog,
  legs: LEGS,
};
