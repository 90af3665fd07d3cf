/**
 * Every timer on a tunnel's path, in seconds, and the order that keeps a quiet tunnel alive: what of each protocol's speaks
 * must speak before the first of those that forget (protocols/).
 */
import type { Chain, Path, Timer } from "../../protocols/protocol.ts";
import { protocols } from "../../protocols/protocols.ts";
import type { Settings } from "../../settings/schema.ts";
import { fixedValues } from "../tunings/fixed.ts";
import { conntrack } from "./conntrack.ts";

/** Seconds, but where said otherwise. */
export interface Timers {
  /** pppd's `lcp-echo-interval`. */
  lcpEchoInterval: number;
  /** pppd's `lcp-echo-failure`: how many unanswered echoes end the session. A count, no time. */
  lcpEchoFailure: number;
  /** pppd's `lcp-echo-adaptive`. */
  lcpEchoAdaptive: boolean;
  /** How long a path may be gone before its sessions end, at least. */
  outlasted: number;
  /** How long a vanished client holds its slot, at most. */
  vanishedClient: number;
  /** pptpd's `--stimeout`: how long a silent connection may keep others waiting (one at a time). */
  initialPacket: number;
  /** When the balancer forgets a quiet control connection. */
  nlbTcpIdle: number;
  /** TCP keepalive of sockets that ask for it; pptpd's do not. */
  tcpKeepalive: { time: number; intvl: number; probes: number };
  chains: Chain[];
}

/** A gateway's first boot, during which nothing passes when it is replaced: plan/tunings/fixed-gateway.ts has its source. */
export const GATEWAY_GAP = fixedValues.gatewayGap;
const GROUP_OTHERS = 600;
const GROUP_TCP_NITRO_V6 = 350;
const GROUP_TCP = 432_000;
const GROUP_PAGE = "AWS: Security group connection tracking";

type Given = Pick<
  Settings,
  "keepalive" | "limits" | "conntrack" | "egress" | "sessionsPerServer" | "instanceType"
>;

/** @param of The protocols that keep the tunnel alive. @default all that the fleet speaks */
export function timers(settings: Given, of = protocols): Timers {
  const { lcpEchoInterval, lcpEchoFailure, lcpEchoAdaptive, tcpTime, tcpIntvl, tcpProbes } =
    settings.keepalive;
  return {
    lcpEchoInterval,
    lcpEchoFailure,
    lcpEchoAdaptive,
    outlasted: Math.min(
      lcpEchoInterval * lcpEchoFailure,
      ...of.map(({ keepaliveTimeout }) => keepaliveTimeout),
    ),
    // The last echo may be an interval old when the client goes; then the failures follow.
    vanishedClient: lcpEchoInterval * (lcpEchoFailure + 1),
    initialPacket: settings.limits.initialPacketTimeout,
    nlbTcpIdle: settings.keepalive.nlbTcpIdle,
    tcpKeepalive: { time: tcpTime, intvl: tcpIntvl, probes: tcpProbes },
    chains: of.flatMap(({ chains }) => chains(settings.keepalive, path(settings))),
  };
}

/** What stands between a client's NAT and the server's daemon, behind either front door: a server's files are the same. */
function path({ keepalive, instanceType, ...settings }: Given): Path {
  const { mode, greTimeoutStream, tcpTimeoutEstablished } = conntrack(settings);
  const group = "security group";
  const tracking = "the server's conntrack";
  const gre = {
    name: tracking,
    seconds: greTimeoutStream,
    source: "nf_conntrack_gre_timeout_stream",
    key: "conntrack.greTimeoutStream",
  };
  return {
    group: {
      tcp: { name: group, ...groupTcp(instanceType) },
      others: {
        name: group,
        seconds: GROUP_OTHERS,
        source: `${GROUP_PAGE}, protocols other than TCP and UDP`,
      },
    },
    balancer: {
      tcp: {
        name: "NLB",
        seconds: keepalive.nlbTcpIdle,
        source: "the listener's TCP idle timeout",
        key: "keepalive.nlbTcpIdle",
      },
    },
    tracking: {
      tcp: {
        name: tracking,
        seconds: tcpTimeoutEstablished,
        source: "nf_conntrack_tcp_timeout_established",
        key: "conntrack.tcpTimeoutEstablished",
      },
      ...(mode === "track" ? { gre } : {}),
    },
  };
}

/**
 * How long a security group remembers a quiet TCP connection: 350 s on Nitro v6, five days before. AWS publishes no
 * field for the Nitro version. Families of the eighth generation are taken for v6, although some of them are not: the
 * shorter time is the safe one.
 */
function groupTcp(instanceType: string): Pick<Timer, "seconds" | "source"> {
  const generation = Number(/^[a-z-]+?(\d+)/.exec(instanceType)?.[1]);
  return generation >= 8
    ? {
        seconds: GROUP_TCP_NITRO_V6,
        source: `${GROUP_PAGE}, established TCP on Nitro v6, which ${instanceType} may be`,
      }
    : { seconds: GROUP_TCP, source: `${GROUP_PAGE}, established TCP before Nitro v6` };
}

/** `GRE: LCP echo 20 s < a client's NAT 60 s, < security group 600 s`, with `not <` where the chain is broken. */
export function chainText({ flow, speaks, forgets }: Chain): string {
  const each = forgets.map(
    ({ name, seconds }) => `${seconds > speaks.seconds ? "<" : "not <"} ${name} ${seconds} s`,
  );
  return `${flow}: ${speaks.name} ${speaks.seconds} s ${each.join(", ")}`;
}
