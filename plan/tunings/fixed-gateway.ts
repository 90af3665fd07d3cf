/** What every gateway has and no config changes. */
import { UNSET } from "../../settings/groups/conntrack.ts";
import type { FixedTuning } from "./fixed-tuning.ts";

/** By name; part of `fixed`. */
export const fixedOfGateway = {
  gatewayIpForward: {
    sets: "net.ipv4.ip_forward, on the gateway",
    value: 1,
    own: "0",
    why: "Tunnels and the servers' own traffic pass through. In no file that a boot reads: set once the rules stand, as without them it would pass on anybody's packets, and answer tunnels with errors.",
    costs: "nothing passes from a boot until then",
    traps: ["icmp-error-ends-tunnel"],
    source: "kernel: ip-sysctl",
    test: "render/gateway.test.ts: forwards by no file that a boot reads before the rules stand",
  },
  gatewayGap: {
    sets: "time for which a gateway that is replaced is taken to pass nothing",
    value: 45,
    unit: "s",
    own: "no time is reckoned with",
    why: "Sessions must outlast the new one's first boot: a config whose echoes give up sooner is refused.",
    costs: "a client that is gone holds its slot for as long",
    source:
      "an estimate, not seen on AWS: the lab's emulated machine takes 200 to 230 s from its kernel's start to forwarding (test/lab/emulated/gateway-boot.test.ts prints it), and was 12 to 48 times slower than its host at a boot's kind of work",
    test: "plan/tunnel/timers.test.ts: would end sessions that give up as soon: that is refused, with the count that lasts",
  },
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
    value: 262_144,
    unit: "entries",
    own: "by memory: 8192 to 262144",
    why: `All flows that the zone's servers and their clients have with the outside leave under one address: ${UNSET.flowsPerSession} a session for a thousand sessions. The tunnels themselves have no entry, so they live on where it is full.`,
    costs: "2 MiB, and 320 bytes of memory a flow",
    source: `kernel: nf_conntrack-sysctl; ${UNSET.flowsPerSession} as in conntrack.max, no gain claimed`,
    test: "render/gateway.test.ts: has room for the flows of a thousand sessions",
  },
} satisfies Record<string, FixedTuning>;
