/** `mtu`: packet sizes inside the tunnel, where they shall be smaller than what `pathMtu` gives (plan/tunnel/mtu.ts). */
import { z } from "zod";
import { group } from "./tuning.ts";

/** The least that a PPP link must carry (RFC 1661, 6.1, and pppd's own least for `mtu` and `mru`). */
const LEAST = 128;
const SMALLER = "a whole number of bytes from 128 to what pathMtu gives: a larger one would be fragmented";

export const mtu = group(
  "mtu",
  {
    mtu: z.int().min(LEAST).max(8196).exactOptional(),
    mru: z.int().min(LEAST).max(8196).exactOptional(),
    mss: z.int().min(88).max(8196).exactOptional(),
  },
  {
    mtu: {
      description:
        "pppd's mtu, in bytes: what the server sends into a tunnel, with MPPE's 4; unset: from pathMtu.",
      allowed: SMALLER,
      unit: "bytes",
      example: "1400",
      sets: "pppd mtu",
      own: "1500",
      why: "The largest inner packet that the path carries whole, and 4 bytes that pppd takes off for MPPE. Without it each full packet goes out as two.",
      costs: "44 bytes a packet, which PPTP costs anyway",
      traps: ["mppe-takes-four-bytes", "default-mtu-fragments"],
      source: "measured 37 to 44 bytes a packet",
      test: "lab/server/path/mtu.test.ts: give an interface of 4 bytes less than pppd's mtu",
    },
    mru: {
      description: "pppd's mru, in bytes: what the server asks clients to send at most; unset: from pathMtu.",
      allowed: SMALLER,
      unit: "bytes",
      example: "1400",
      sets: "pppd mru",
      own: "1500",
      why: "The same for what the client sends. Not below mtu, as pppd takes the lower of the two for its own interface.",
      costs: "nothing",
      source: "RFC 1661, 6.1; measured on pppd 2.5.2",
      test: "lab/server/path/mtu.test.ts: left out send full packets in two",
    },
    mss: {
      description: "Largest TCP segment in a tunnel, in bytes; unset: the tunnel's MTU less 40.",
      allowed: "a whole number of bytes from 88 to the tunnel's MTU less 40",
      unit: "bytes",
      example: "1360",
      sets: "nftables tcp option maxseg",
      own: "none: each end's own MTU",
      why: "TCP inside the tunnels never needs a fragment. The route's MTU clamps both directions, and this fixed value holds where a route says more; each only lowers.",
      costs: "nothing",
      traps: ["fixed-mss-only-lowers"],
      source: "RFC 9293, 3.7.1",
      test: "lab/server/path/mtu.test.ts: follows a client's smaller MRU",
    },
  },
);
