/** Whoever reaches a protocol's control of a machine reaches it by what carries its tunnels as well, and is answered. */

import {
  BALANCER,
  DEFAULT_GROUP,
  INSTANCE,
  NETWORK_INTERFACE,
  SECURITY_GROUP,
} from "../../../graph/types.ts";
import { CONTROL, GRE } from "../../../protocols/pptp/flows.ts";
import type { BalancedFlow, Flow } from "../../../protocols/protocol.ts";
import { balancedFlows, protocols } from "../../../protocols/protocols.ts";
import type { Finding, NotYet, StackRule } from "../../framework/rule.ts";
import { type AnyNode, type Node, type Stack, UNKNOWN } from "../../framework/stack.ts";
import { groupOf } from "../../resources/groups.ts";
import {
  flowText,
  liesIn,
  OPENING_TYPES,
  type Opening,
  type OpeningType,
  openingsOf,
  opensFlow,
  opensPort,
  type Peer,
} from "../../resources/openings.ts";

export const greBesideControl: StackRule = {
  name: "gre-beside-control",
  demands: `A security group that lets ${CONTROL.title} in has ${flowText(GRE)} in and out for the same networks.`,
  severity: "high",
  reason:
    "A group remembers GRE for 600 s only, by the server's own first packet: a tunnel seems to work, and dies once it was quiet for that long.",
  fix: `add an ingress and an egress rule of ${flowText(GRE)} for each network that has one of ${CONTROL.title}`,
  link: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html",
  // Where a list inside a group has one unknown member, a preview may call all of it unknown.
  inputsOf: [SECURITY_GROUP, DEFAULT_GROUP],
  stackViolations: (stack) => {
    const opened = stack.all(...OPENING_TYPES).flatMap((node) => openings(stack, node));
    const balancersOnly = groupsOfBalancersOnly(stack);
    const machines = opened.filter(
      ({ opening, group }) => opening.direction === "in" && !balancersOnly.has(group),
    );
    const found = pairs().flatMap((pair) =>
      machines
        .filter(({ opening }) => isControl(opening, pair.control))
        .flatMap((each) => missing(each, opened, pair)),
    );
    return [...found, ...stack.all(...OPENING_TYPES).flatMap(unknown)];
  },
};

/** A balanced flow, and a flow without ports that its protocol has besides. */
interface Pair {
  control: BalancedFlow;
  tunnels: Flow;
}

function pairs(): Pair[] {
  return protocols.flatMap((protocol) =>
    balancedFlows([protocol]).flatMap((control) =>
      protocol.flows.filter(({ port }) => port === undefined).map((tunnels) => ({ control, tunnels })),
    ),
  );
}

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
 * The flow's port, alone or in a range. Not one that goes on to the last port: these are all of TCP or UDP, or what a
 * client's side may be, and no-open-world looks after them.
 */
function isControl(opening: Opening, { protocol, port }: BalancedFlow): boolean {
  return (
    opening.protocol === protocol &&
    opensPort(opening, protocol, port) &&
    !opensPort(opening, protocol, LAST_PORT)
  );
}
const LAST_PORT = 65_535;

function openings(stack: Stack, node: Node<OpeningType>): Opened[] {
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

function missing(admitted: Opened, opened: Opened[], { control, tunnels }: Pair): Finding[] {
  const beside = (direction: Opening["direction"], other: Other) =>
    opened.some(
      (each) =>
        each.group === admitted.group &&
        each.opening.direction === direction &&
        opensFlow(each.opening, tunnels) &&
        each.others.some(({ kind, name }) => kind === other.kind && liesIn(other.name, name)),
    );
  return admitted.others.flatMap((other) =>
    (["in", "out"] as const)
      .filter((direction) => !beside(direction, other))
      .map((direction) => ({
        node: admitted.node,
        problem: `${control.title} is let in from ${other.kind} ${other.name} and ${flowText(tunnels)} is not let ${direction === "in" ? "in from" : "out to"} it`,
      })),
  );
}

/** What decides whether an opening is one of these, where nobody knows it yet. */
function unknown(node: AnyNode): NotYet[] {
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
  const groups = <N extends AnyNode>(nodes: N[], property: keyof N["props"] & string) =>
    nodes.flatMap((each) => stack.referred(each, property, [[SECURITY_GROUP, "id"]]));
  const machines = [
    ...groups(stack.all(INSTANCE), "vpcSecurityGroupIds"),
    ...groups(stack.all(NETWORK_INTERFACE), "securityGroups"),
  ];
  return new Set(
    groups(stack.all(BALANCER), "securityGroups")
      .filter((group) => !machines.includes(group))
      .map(({ urn }) => urn),
  );
}
