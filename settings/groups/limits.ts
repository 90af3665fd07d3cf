/**
 * `limits`: how much of a server one address may take. pptpd itself has no such limit
 * (traps: one-new-client-at-a-time, backlog-of-three).
 */
import { z } from "zod";
import { CONTROL } from "../../protocols/pptp/flows.ts";
import { group } from "./tuning.ts";

const LIMITS = "lab/server/limits.test.ts";

export const limits = group(
  "limits",
  {
    initialPacketTimeout: z.int().min(1).max(60).default(5),
    dialsPerSecond: z.int().min(1).max(10_000).default(10),
    dialBurst: z.int().min(1).max(10_000).default(40),
    connectionsPerSource: z.int().min(1).max(10_000).exactOptional(),
    halfOpenPerSource: z.int().min(1).max(1024).default(3),
    halfOpen: z.int().min(1).max(65_535).default(4096),
  },
  {
    initialPacketTimeout: {
      description:
        "Seconds that pptpd waits for the first packet of a connection; while it waits, all others wait.",
      allowed: "a whole number of seconds from 1 to 60",
      unit: "s",
      example: "5",
      sets: "pptpd --stimeout",
      own: "10",
      why: "A client that means it speaks at once. pptpd ignores this value in pptpd.conf and hears it only on its command line.",
      costs: "a path that takes longer for one round trip cannot dial",
      traps: ["stimeout-unheard-in-file", "one-new-client-at-a-time"],
      test: `${LIMITS}: pptpd runs with the time that a silent client may take`,
    },
    dialsPerSecond: {
      description: `New connections to ${CONTROL.title} that one address may open each second.`,
      allowed: "a whole number from 1 to 10000",
      unit: "connections a second",
      example: "10",
      sets: "nftables limit rate, per source",
      own: "none",
      why: "pptpd hears one new client at a time: one address must not take it from all others.",
      costs: "a dial beyond it is repeated by TCP, 1 s later and more",
      traps: ["one-new-client-at-a-time"],
      test: `${LIMITS}: dials too fast`,
    },
    dialBurst: {
      description: "Connections that one address may open at once, after a quiet minute.",
      allowed: "a whole number from 1 to 10000",
      unit: "connections",
      example: "40",
      sets: "nftables burst, per source",
      own: "none",
      why: "An office behind one address dials again all at once after a power cut.",
      costs: "that many silent connections at once, were it not for the half-open limit",
      traps: ["one-new-client-at-a-time"],
      test: `${LIMITS}: dials too fast`,
    },
    connectionsPerSource: {
      description: `Connections to ${CONTROL.title} that one address may have; unset: as many as a server has sessions.`,
      allowed: "a whole number from 1 to sessionsPerServer",
      unit: "connections",
      example: "100",
      sets: "nftables ct count, per source",
      own: "none",
      why: "An office behind one address may fill a server, and no more.",
      costs: "nothing",
      traps: ["one-new-client-at-a-time"],
      test: `${LIMITS}: too many connections`,
    },
    halfOpenPerSource: {
      description: "Connections of one address that have not said anything yet.",
      allowed: "a whole number from 1 to what one address may have in all, 1024 at most",
      unit: "connections",
      example: "3",
      sets: "nftables set of silent connections, slots per source",
      own: "none",
      why: "pptpd's queue is short: an address that is silent leaves room in it for others. A connection that has spoken counts no more.",
      costs:
        "of dials from one address that come at the very same moment, those beyond it are repeated by TCP after 1 s",
      traps: ["one-new-client-at-a-time", "backlog-of-three"],
      source: "bench.md, dial behind 1,000 from one address",
      test: `${LIMITS}: of one address are as many as the config says`,
    },
    halfOpen: {
      description: "Connections of all addresses together that have not said anything yet.",
      allowed: "a whole number from 1 to 65535",
      unit: "connections",
      example: "4096",
      sets: "nftables set of silent connections, its size",
      own: "none",
      why: "Bounds what the server keeps in mind of them. It keeps no room in pptpd's queue, as nothing tells one address from others: for that the security group is the limit.",
      costs: "beyond it every dial waits until one has spoken",
      source: "bench.md, dial behind 1,000 from as many addresses: 256 made it slower",
      test: `${LIMITS}: of all addresses together are as many as the config says`,
    },
  },
);
