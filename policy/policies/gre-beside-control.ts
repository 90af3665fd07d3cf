/** Whoever reaches TCP 1723 of a machine reaches it by protocol 47 as well, and is answered. */
import { groupOf } from "../kit/groups.ts";
import {
  liesIn,
  OPENING_TYPES,
  type Opening,
  openingsOf,
  opensGre,
  opensTcp,
  type Peer,
} from "../kit/openings.ts";
import type { Finding, NotYet, StackRule } from "../kit/rule.ts";
import { type Node, type Stack, UNKNOWN } from "../kit/stack.ts";
import {
  BALANCER,
  DEFAULT_GROUP,
  INSTANCE,
  NETWORK_INTERFACE,
  PPTP_CONTROL,
  SECURITY_GROUP,
} from "../kit/types.ts";

export const greBesideControl: StackRule = {
  name: "gre-beside-control",
  demands: "A security group that lets TCP 1723 in has protocol 47 in and out for the same networks.",
  severity: "high",
  reason:
    "A group remembers GRE for 600 s only, by the server's own first packet: a tunnel seems to work, and dies once it was quiet for that long.",
  wayOut: "add an ingress and an egress rule of protocol 47 for each network that has one of TCP 1723",
  link: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html",
  // Where a list inside a group has one unknown member, a preview may call all of it unknown.
  sees: [SECURITY_GROUP, DEFAULT_GROUP],
  brokenIn: (stack) => {
    const opened = stack.all(...OPENING_TYPES).flatMap((node) => openings(stack, node));
    const balancersOnly = groupsOfBalancersOnly(stack);
    const found = opened
      .filter(({ opening }) => opening.direction === "in" && isControl(opening))
      .filter(({ group }) => !balancersOnly.has(group))
      .flatMap((control) => missing(control, opened));
    return [...found, ...stack.all(...OPENING_TYPES).flatMap(unknown)];
  },
};

interface Opened {
  node: Node;
  /** URN of the group, or the ID of one that is not the stack's. */
  group: string;
  opening: Opening;
  /** The other sides, comparable with those of other rules. */
  others: Other[];
}

interface Other {
  kind: Peer["kind"];
  name: string;
}

/**
 * TCP 1723, alone or in a range. Not one that goes on to the last port: these are all of TCP, or what a client's side
 * may be, and no-open-world looks after them.
 */
function isControl(opening: Opening): boolean {
  return opening.protocol === "tcp" && opensTcp(opening, PPTP_CONTROL) && !opensTcp(opening, LAST_PORT);
}
const LAST_PORT = 65_535;

function openings(stack: Stack, node: Node): Opened[] {
  const group = groupOf(stack, node);
  return openingsOf(node.type, node.said).map((opening) => ({
    node,
    group,
    opening,
    others: opening.peers.map((peer) => ({ kind: peer.kind, name: nameOf(node, peer) })),
  }));
}

/** What is not known yet is told by what it comes from: rules for the same network come from the same. */
function nameOf(node: Node, { property, value }: Peer): string {
  return value === UNKNOWN ? [...(node.wired[property] ?? [node.urn])].sort().join(" ") : String(value);
}

function missing(control: Opened, opened: Opened[]): Finding[] {
  const beside = (direction: Opening["direction"], other: Other) =>
    opened.some(
      ({ group, opening, others }) =>
        group === control.group &&
        opening.direction === direction &&
        opensGre(opening) &&
        others.some(({ kind, name }) => kind === other.kind && liesIn(other.name, name)),
    );
  return control.others.flatMap((other) =>
    (["in", "out"] as const)
      .filter((direction) => !beside(direction, other))
      .map((direction) => ({
        node: control.node,
        problem: `TCP 1723 is let in from ${other.kind} ${other.name} and protocol 47 is not let ${direction === "in" ? "in from" : "out to"} it`,
      })),
  );
}

/** What decides whether an opening is one of these, where nobody knows it yet. */
function unknown(node: Node): NotYet[] {
  return (
    ["ingress", "egress", "type", "protocol", "ipProtocol", "fromPort", "toPort"]
      .filter((property) => node.said[property] === UNKNOWN)
      // An output that the program says nothing of is AWS's.
      .filter((property) => !["ingress", "egress"].includes(property) || node.said !== node.props)
      .map((property) => ({ node, unknown: property }))
  );
}

/** A network load balancer carries TCP only; its group has no GRE to let pass. */
function groupsOfBalancersOnly(stack: Stack): Set<string> {
  const groups = (type: string, property: string) =>
    stack.all(type).flatMap((each) => stack.referred(each, property, [[SECURITY_GROUP, "id"]]));
  const machines = [
    ...groups(INSTANCE, "vpcSecurityGroupIds"),
    ...groups(NETWORK_INTERFACE, "securityGroups"),
  ];
  return new Set(
    groups(BALANCER, "securityGroups")
      .filter((group) => !machines.includes(group))
      .map(({ urn }) => urn),
  );
}
