/** The other front door. */
import { type Case, each, SERVER_NAMES } from "./case.ts";
import { door } from "./zone.ts";

const EVERYWHERE = "0.0.0.0/0";
const CLIENTS = "198.51.100.0/24";

/** All that only `nlb` has, but for its zones. @param reached What clients reach. */
export const balanced = (reached: string) => [
  ...[
    "Gateways",
    "Firewall gateway",
    "SecurityGroup gateway",
    "Balancer",
    "Firewall balancer",
    "SecurityGroup balancer",
  ],
  ...["LoadBalancer", "TargetGroup", "Listener"],
  ...each("TargetGroupAttachment", ...SERVER_NAMES),
  ...each("SecurityGroupIngressRule", `gateway-in-control-${CLIENTS}`, `gateway-in-gre-${CLIENTS}`),
  ...each("SecurityGroupEgressRule", `gateway-out-control-${CLIENTS}`, `gateway-out-gre-${CLIENTS}`),
  ...each(
    "SecurityGroupEgressRule",
    ...["clients-tcp", "clients-udp", "clients-icmp", "http", "https"].map(
      (name) => `gateway-out-${name}-${name.startsWith("clients") ? reached : EVERYWHERE}`,
    ),
  ),
  ...each("SecurityGroupIngressRule", `balancer-in-control-${CLIENTS}`),
];
/** All that only `nlb` has. */
const nlb = (reached: string) => [...balanced(reached), ...door("a"), ...door("b")];
const POOL = "10.64.0.0/14";
/** The same where clients keep their addresses. */
const routed = [
  ...nlb("10.42.0.0/16"),
  ...each(
    "SecurityGroupIngressRule",
    ...["clients-tcp", "clients-udp", "clients-icmp", "http", "https"].map(
      (name) => `gateway-in-${name}-${POOL}`,
    ),
  ),
];
/** All that only `eip` has. */
export const eip = each("EipAssociation", ...SERVER_NAMES);
/** The servers' way out turns, and a zone's address becomes its first server's: its tags say whose it is. */
export const updated = [...each("Route", "a", "b"), ...each("Eip", ...SERVER_NAMES)];
/** Of a zone, the second server has no address behind `nlb`. */
const second = each("Eip", "a-2");

export const cases: Case[] = [
  {
    change: "`frontDoor`: to the other",
    ends: "the other front door",
    to: { frontDoor: undefined },
    nlb: { created: eip, deleted: nlb(EVERYWHERE), updated },
    eip: { created: nlb(EVERYWHERE), deleted: eip, updated },
  },
  {
    change: "`frontDoor`: to the other, where clients are routed",
    ends: "the other front door",
    from: { egress: { mode: "routed" } },
    to: { frontDoor: undefined },
    nlb: { created: eip, deleted: routed, updated },
    eip: { created: routed, deleted: eip, updated },
  },
  {
    change: "`frontDoor`: to the other, with three servers",
    ends: "the other front door",
    from: { servers: 3 },
    to: { frontDoor: undefined },
    nlb: {
      created: [...eip, ...second, "EipAssociation a-2"],
      deleted: [...nlb(EVERYWHERE), "TargetGroupAttachment a-2"],
      updated,
    },
    eip: {
      created: [...nlb(EVERYWHERE), "TargetGroupAttachment a-2"],
      deleted: [...eip, ...second, "EipAssociation a-2"],
      updated,
    },
  },
];
