/** What every gateway has and no config changes. */
import type { FixedTuning } from "./fixed-tuning.ts";

/** By name; part of `fixed`. */
export const fixedOfGateway = {
  gatewaySendRedirects: {
    sets: "net.ipv4.conf.{all,default,*}.send_redirects, on the gateway",
    value: "0",
    own: "1",
    why: "One interface, so whatever is passed on leaves where it came in: each server would be told of a shorter way, around the rules that give its packets their address.",
    costs: "nothing",
    traps: ["redirects-bypass-the-gateway"],
    test: "lab/namespaces/gateway.test.ts: sends no redirect",
  },
  gatewayRpFilter: {
    sets: "net.ipv4.conf.{all,default,*}.rp_filter, on the gateway",
    value: "0",
    own: "2, loose (systemd)",
    why: "One interface, by which the way back to any source leads: the check could drop nothing, and costs a route lookup for each packet.",
    costs: "nothing; the VPC lets no instance send from another's address",
    source: "kernel: fib_validate_source",
    test: "render/gateway.test.ts: has the kernel settings that one interface wants",
  },
  gatewayConntrackMax: {
    sets: "net.netfilter.nf_conntrack_max and _buckets, on the gateway",
    value: "262144",
    unit: "entries",
    own: "by memory: 8192 to 262144",
    why: "All flows that the zone's servers and their clients have with the outside leave under one address: 256 a session for a thousand sessions. The tunnels themselves have no entry, so they live on where it is full.",
    costs: "2 MiB, and 320 bytes of memory a flow",
    source: "kernel: nf_conntrack-sysctl; 256 as in conntrack.max, no gain claimed",
    test: "render/gateway.test.ts: has room for the flows of a thousand sessions",
  },
} satisfies Record<string, FixedTuning>;
