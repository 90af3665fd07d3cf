/** `ppp`: what pppd agrees on with clients, and how long a session may last. */
import { z } from "zod";
import { judgeResolver } from "../keys/networks.ts";
import { refusalsOf, repetitions } from "../keys/refusal.ts";
import { group } from "./tuning.ts";

export const ppp = group(
  "ppp",
  {
    mppe: z.enum(["128", "40", "none"]).default("128"),
    trafficMayBeRead: z.boolean().default(false),
    idleTimeout: z.int().min(0).max(604_800).default(0),
    sessionLimit: z.int().min(0).max(2_592_000).default(0),
    wins: z
      .array(z.string().check(refusalsOf(judgeResolver)))
      .max(2)
      .check(refusalsOf(repetitions("address")))
      .default([]),
  },
  {
    mppe: {
      description:
        "Encryption: 128 requires MPPE with 128 bits, 40 takes what a device has from 40 on, none encrypts nothing.",
      allowed: "128; or 40 or none where ppp.trafficMayBeRead is true",
      example: "128",
      sets: "pppd require-mppe-128, require-mppe-40 or nomppe",
      own: "none",
      why: "No key, no tunnel. pppd offers one strength, so devices that have no more than 40 bits get a stack of their own. Stateless, as every peer asks for it: no stateful option is offered.",
      costs: "4 bytes a packet, and RC4 in the kernel",
      traps: ["option-that-pppd-refuses", "peers-ask-for-stateless-mppe"],
      source: "RFC 3078",
      test: "lab/server/sessions/mppe.test.ts: a client without MPPE",
    },
    trafficMayBeRead: {
      description:
        "Whether you give up that traffic is hidden from whoever is on the path: 40 bits are tried out in seconds, and none hides nothing.",
      allowed: "true or false",
      example: "true",
      sets: "nothing: admits ppp.mppe 40 and none",
      own: "false",
      why: "Weaker encryption than 128 bits is for devices that have no better, and never by a slip.",
      costs: "everything in the tunnels, if true",
      source: "RFC 3078",
      test: "settings/groups/groups.test.ts: weaker encryption than 128 bits",
    },
    idleTimeout: {
      description: "Seconds without a packet of the client's or to it after which a session ends; 0: never.",
      allowed: "a whole number of seconds from 0 to 604800",
      unit: "s",
      example: "3600",
      sets: "pppd idle",
      own: "0, never",
      why: "A device that is quiet is still there: LCP echo finds those that are not.",
      costs: "a slot for each idle session",
      source: "pppd(8)",
      test: "lab/server/readers.test.ts: pppd takes the options",
    },
    sessionLimit: {
      description: "Seconds after which a session ends, whatever it carries; 0: never.",
      allowed: "a whole number of seconds from 0 to 2592000",
      unit: "s",
      example: "86400",
      sets: "pppd maxconnect",
      own: "0, never",
      why: "A device that must dial again each day is one more that may not come back.",
      costs: "a removed account keeps its session until it ends by itself",
      source: "pppd(8)",
      test: "lab/server/readers.test.ts: pppd takes the options",
    },
    wins: {
      description: "IPv4 addresses of the WINS servers that clients are told; empty: none.",
      allowed: "a list of at most two IPv4 addresses that can be a server's",
      example: "'[\"10.42.0.9\"]'",
      sets: "pppd ms-wins",
      own: "none",
      why: "Only old Windows devices ask.",
      costs: "nothing",
      source: "RFC 1877",
      test: "lab/server/readers.test.ts: pppd takes the options",
    },
  },
);
