/**
 * Nobody opens PPTP or administration to the world, nor to a good part of it: not by one wide network, not by many, in one
 * rule, in several of a group, or in several groups of one machine.
 */
import ipaddr from "ipaddr.js";
import { EGRESS_RULE } from "../../../graph/types.ts";
import { flowsOf, protocols } from "../../../protocols/protocols.ts";
import type { Finding, ResourceRule, StackRule } from "../../framework/rule.ts";
import { type AnyNode, plain, type Stack, UNKNOWN } from "../../framework/stack.ts";
import { groupOf, havingGroups } from "../../resources/groups.ts";
import {
  demandKnown,
  flowText,
  OPENING_TYPES,
  type Opening,
  type OpeningType,
  openingsOf,
  opensFlow,
  opensPort,
} from "../../resources/openings.ts";
import { BITS, publicAddresses } from "../../resources/widths.ts";

interface Settings {
  ports: number[];
  shortestIpv4: number;
  shortestIpv6: number;
  togetherIpv4: number;
  togetherIpv6: number;
}

const TYPES = OPENING_TYPES.filter((type) => type !== EGRESS_RULE);

const beside = flowsOf(protocols)
  .map((flow) => flow.port ?? flowText(flow))
  .join(" and ");

export const noOpenWorld: ResourceRule<OpeningType, Settings> & StackRule<Settings> = {
  name: "no-open-world",
  demands: `${flowsOf(protocols).map(flowText).join(", ")} and administration are open to networks that somebody can name.`,
  severity: "critical",
  reason: "PPTP is broken: its allow list is what keeps the internet off it.",
  fix: "name your clients' and administrators' networks in pptp-fleet:allowedCidrs and pptp-fleet:adminCidrs; with egress.mode routed, whoever may reach clients in egress.cidrs",
  link: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  settings: {
    ports: {
      type: "array",
      items: { type: "integer", minimum: 0, maximum: 65_535 },
      description: `TCP ports of administration, beside ${beside}.`,
      default: [22, 3389],
    },
    shortestIpv4: {
      type: "integer",
      // Below 2 the halves of the whole, 0.0.0.0/1 and 128.0.0.0/1, would pass.
      minimum: 2,
      maximum: 32,
      description: "Length of the shortest IPv4 prefix that may be let in.",
      default: 8,
    },
    shortestIpv6: {
      type: "integer",
      minimum: 4,
      maximum: 128,
      description: "Length of the shortest IPv6 prefix that may be let in.",
      default: 32,
    },
    togetherIpv4: {
      type: "integer",
      minimum: 2,
      maximum: 32,
      description:
        "Length of the IPv4 prefix that has as many public addresses as all networks that are let in may have together.",
      // A 64th of all, four prefixes of the shortest length.
      default: 6,
    },
    togetherIpv6: {
      type: "integer",
      minimum: 4,
      maximum: 128,
      description: "The same of IPv6.",
      default: 28,
    },
  },
  of: TYPES,
  violations: function* ({ type, props }, settings) {
    const openings = openingsOf(type, plain(props) as typeof props);
    for (const opening of openings) {
      const what = guarded(opening, settings);
      if (opening.direction === "out" || what === undefined) continue;
      for (const { kind, value } of opening.peers) {
        if (kind === "prefix list")
          yield `${what} is open to a prefix list, of which nobody knows here what it holds`;
        if (kind === "cidr" && value !== UNKNOWN && tooWide(String(value), settings))
          yield `${what} is open to ${value}`;
      }
    }
    const many = tooMany(openings, settings);
    if (many !== undefined) yield many;
    demandKnown(props, ["egress", "description"]);
  },
  stackViolations: (stack, settings) => {
    const opened = stack
      .all(...TYPES)
      .flatMap((node) =>
        openingsOf(node.type, node.said).map((opening) => ({ node, group: groupOf(stack, node), opening })),
      );
    const wide = new Set<string>();
    const judge = (node: AnyNode, groups: string[]): Finding[] => {
      const own = opened.filter(({ group }) => groups.includes(group));
      // What one resource opens is told above; what one of several groups opens, of that group.
      if (new Set(own.map((each) => each.node)).size < 2 || groups.some((group) => wide.has(group)))
        return [];
      const problem = tooMany(
        own.map(({ opening }) => opening),
        settings,
      );
      if (problem === undefined) return [];
      if (groups.length === 1) wide.add(groups[0]!);
      return [{ node, problem }];
    };
    const groups = [...new Set(opened.map(({ group }) => group))];
    return [
      ...groups.flatMap((group) => judge(nodeOf(stack, group, opened), [group])),
      ...havingGroups(stack).flatMap(({ node, groups }) => (groups.length < 2 ? [] : judge(node, groups))),
    ];
  },
};

/** A group itself, or the first rule of one that is not the stack's. */
function nodeOf(stack: Stack, group: string, opened: { node: AnyNode; group: string }[]): AnyNode {
  return stack.nodes.find(({ urn }) => urn === group) ?? opened.find((each) => each.group === group)!.node;
}

/** Of ours, the first that is open to networks of too many public addresses together, none of them too wide by itself. */
function tooMany(openings: Opening[], settings: Settings): string | undefined {
  for (const [what, opens] of guards(settings)) {
    const cidrs = openings
      .filter((opening) => opening.direction === "in" && opens(opening))
      .flatMap(({ peers }) => peers)
      .flatMap(({ kind, value }) => (kind === "cidr" && value !== UNKNOWN ? [String(value)] : []))
      .filter((cidr) => !tooWide(cidr, settings));
    for (const [kind, prefix] of [
      ["ipv4", settings.togetherIpv4],
      ["ipv6", settings.togetherIpv6],
    ] as const) {
      if (publicAddresses(kind, cidrs) > 2n ** BigInt(BITS[kind] - prefix))
        return `${what} is open to networks that have more public addresses together than a /${prefix}, ${new Set(cidrs).size} of them`;
    }
  }
  return undefined;
}

/** What of ours an opening lets in. */
function guarded(opening: Opening, settings: Settings): string | undefined {
  return guards(settings).find(([, opens]) => opens(opening))?.[0];
}

function guards({ ports }: Settings): [what: string, opens: (opening: Opening) => boolean][] {
  return [
    ...flowsOf(protocols).map((flow): [string, (opening: Opening) => boolean] => [
      flowText(flow),
      (opening) => opensFlow(opening, flow),
    ]),
    ...ports.map((port): [string, (opening: Opening) => boolean] => [
      `TCP ${port}`,
      (opening) => opensPort(opening, "tcp", port),
    ]),
  ];
}

/** What is no CIDR at all is too wide: nobody knows what AWS makes of it. */
function tooWide(cidr: string, { shortestIpv4, shortestIpv6 }: Settings): boolean {
  if (!ipaddr.isValidCIDR(cidr)) return true;
  const [address, length] = ipaddr.parseCIDR(cidr);
  return length < (address.kind() === "ipv4" ? shortestIpv4 : shortestIpv6);
}
