/** What security groups open, in one form: rules inside a group, and rules as resources of their own, new and old. */
import ipaddr from "ipaddr.js";
import { DEFAULT_GROUP, EGRESS_RULE, GROUP_RULE, INGRESS_RULE, SECURITY_GROUP } from "../../graph/types.ts";
import type { Flow } from "../../protocols/protocol.ts";
import { type Members, number, type Props, UNKNOWN } from "../framework/stack.ts";

export interface Opening {
  direction: "in" | "out";
  /** `tcp`, a protocol number as text, or `-1` for all. */
  protocol: string;
  /** Destination ports; ICMP's type and code. Undefined where the protocol has none, or all; NaN: not known yet. */
  from: number | undefined;
  to: number | undefined;
  /** Where the other side's addresses stand, each with the property that holds it. */
  peers: Peer[];
  description: unknown;
}

export interface Peer {
  kind: "cidr" | "prefix list" | "group";
  property: string;
  /** UNKNOWN for what is not known yet. */
  value: unknown;
}

/** Rules as resources of their own. */
export const RULE_TYPES = [INGRESS_RULE, EGRESS_RULE, GROUP_RULE] as const;
export const OPENING_TYPES = [SECURITY_GROUP, DEFAULT_GROUP, ...RULE_TYPES] as const;
export type OpeningType = (typeof OPENING_TYPES)[number];

/** IANA's numbers of the protocols that AWS takes by name too. */
const NUMBERS: Record<string, string> = { "6": "tcp", "17": "udp", "1": "icmp", all: "-1", gre: "47" };

/** @param props Without Pulumi's proxy (`plain`), so that one unknown rule hides no other. */
export function openingsOf(type: OpeningType, props: Members): Opening[] {
  switch (type) {
    case INGRESS_RULE:
      return [separate("in", props)];
    case EGRESS_RULE:
      return [separate("out", props)];
    case GROUP_RULE: {
      const { type: way }: Props<typeof GROUP_RULE> = props;
      return [inline(way === "ingress" ? "in" : "out", props, (property) => property)];
    }
    case SECURITY_GROUP:
    case DEFAULT_GROUP: {
      const { ingress, egress }: Props<typeof SECURITY_GROUP> = props;
      return [
        ...rules(ingress).map((rule) => inline("in", rule, () => "ingress")),
        ...rules(egress).map((rule) => inline("out", rule, () => "egress")),
      ];
    }
  }
}

/** Whether an opening lets TCP or UDP to a port pass. */
export function opensPort({ protocol, from, to }: Opening, wanted: "tcp" | "udp", port: number): boolean {
  if (protocol === "-1") return true;
  return protocol === wanted && (from === undefined || to === undefined || (from <= port && port <= to));
}

/** Whether an opening lets a flow pass, towards the server where it has ports. */
export function opensFlow(opening: Opening, flow: Flow): boolean {
  if (flow.port !== undefined) return opensPort(opening, flow.protocol, flow.port);
  return opening.protocol === String(flow.protocol) || opening.protocol === "-1";
}

/** As the policies name it: `TCP 1723`, `protocol 47`. */
export function flowText({ title, protocol, port }: Flow): string {
  return port === undefined ? `protocol ${protocol}` : title;
}

/** Whether a CIDR lies in another; what is no CIDR lies in itself alone. */
export function liesIn(inner: string, outer: string): boolean {
  if (inner === outer) return true;
  if (!ipaddr.isValidCIDR(inner) || !ipaddr.isValidCIDR(outer)) return false;
  const [[address, length], network] = [ipaddr.parseCIDR(inner), ipaddr.parseCIDR(outer)];
  return address.kind() === network[0].kind() && length >= network[1] && address.match(network);
}

/** What openings are judged by, in a rule or in the lists of a group. */
const JUDGED = [
  ...["type", "ingress", "egress", "protocol", "ipProtocol", "fromPort", "toPort", "description"],
  ...["cidrIpv4", "cidrIpv6", "prefixListId", "cidrBlocks", "ipv6CidrBlocks", "prefixListIds"],
];

/**
 * Reads what openings are judged by, as Pulumi hands it over: it throws where something is not known yet, which
 * Pulumi tells as "can't run during preview". Groups are not among it: a group is a group, whichever.
 */
export function demandKnown(props: object, except: string[] = []): void {
  for (const key of JUDGED) {
    const value: unknown = except.includes(key) ? undefined : (props as Members)[key];
    if (Array.isArray(value)) for (const each of value) if (typeof each === "object") demandKnown(each);
  }
}

/** The older rule, or a member of a group's lists. */
type Rule = Props<typeof GROUP_RULE> & { securityGroups?: unknown };

function separate(
  direction: Opening["direction"],
  props: Props<typeof INGRESS_RULE | typeof EGRESS_RULE>,
): Opening {
  return {
    direction,
    protocol: protocolOf(props.ipProtocol),
    from: portOf(props.fromPort),
    to: portOf(props.toPort),
    peers: [
      ...peers("cidr", "cidrIpv4", props.cidrIpv4),
      ...peers("cidr", "cidrIpv6", props.cidrIpv6),
      ...peers("prefix list", "prefixListId", props.prefixListId),
      ...peers("group", "referencedSecurityGroupId", props.referencedSecurityGroupId),
    ],
    description: props.description,
  };
}

function inline(direction: Opening["direction"], rule: Rule, within: (property: string) => string): Opening {
  const of = (kind: Peer["kind"], property: keyof Rule) => peers(kind, within(property), rule[property]);
  return {
    direction,
    protocol: protocolOf(rule.protocol),
    from: portOf(rule.fromPort),
    to: portOf(rule.toPort),
    peers: [
      ...of("cidr", "cidrBlocks"),
      ...of("cidr", "ipv6CidrBlocks"),
      ...of("prefix list", "prefixListIds"),
      ...of("group", "securityGroups"),
      ...of("group", "sourceSecurityGroupId"),
      ...(rule.self === true ? peers("group", within("self"), "self") : []),
    ],
    description: rule.description,
  };
}

function peers(kind: Peer["kind"], property: string, values: unknown): Peer[] {
  return [values ?? []].flat().map((value) => ({ kind, property, value }));
}

function protocolOf(value: unknown): string {
  const name = String(value).toLowerCase();
  return NUMBERS[name] ?? name;
}

function portOf(value: unknown): number | undefined {
  return value === undefined || value === null ? undefined : number(value);
}

/** A list that is not known yet as a whole has no members here. */
function rules(value: unknown): Rule[] {
  return Array.isArray(value) ? value.map((rule) => (rule === UNKNOWN ? {} : rule)) : [];
}
