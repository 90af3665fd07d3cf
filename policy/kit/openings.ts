/** What security groups open, in one form: rules inside a group, and rules as resources of their own, new and old. */
import type { PolicyResource } from "@pulumi/policy";
import { DEFAULT_GROUP, EGRESS_RULE, GROUP_RULE, INGRESS_RULE, SECURITY_GROUP } from "./types.ts";

type Props = PolicyResource["props"];

export interface Opening {
  direction: "in" | "out";
  /** `tcp`, a protocol number as text, or `-1` for all. */
  protocol: string;
  /** Destination ports; ICMP's type and code. Undefined where the protocol has none, or all. */
  from: number | undefined;
  to: number | undefined;
  /** Where the other side's addresses stand, each with the property that holds it. */
  peers: Peer[];
  description: unknown;
}

export interface Peer {
  kind: "cidr" | "prefix list" | "group";
  property: string;
  value: unknown;
}

export const OPENING_TYPES = [SECURITY_GROUP, DEFAULT_GROUP, INGRESS_RULE, EGRESS_RULE, GROUP_RULE];

/** IANA's numbers of the protocols that AWS takes by name too. */
const NUMBERS: Record<string, string> = { "6": "tcp", "17": "udp", "1": "icmp", all: "-1", gre: "47" };

export function openingsOf(type: string, props: Props): Opening[] {
  switch (type) {
    case INGRESS_RULE:
      return [separate("in", props)];
    case EGRESS_RULE:
      return [separate("out", props)];
    case GROUP_RULE:
      return [inline(props.type === "ingress" ? "in" : "out", props, (property) => property)];
    case SECURITY_GROUP:
    case DEFAULT_GROUP:
      return [
        ...list(props.ingress).map((rule) => inline("in", rule, () => "ingress")),
        ...list(props.egress).map((rule) => inline("out", rule, () => "egress")),
      ];
    default:
      return [];
  }
}

/** Whether an opening lets TCP to a port pass. */
export function opensTcp({ protocol, from, to }: Opening, port: number): boolean {
  if (protocol === "-1") return true;
  return protocol === "tcp" && (from === undefined || to === undefined || (from <= port && port <= to));
}

export function opensGre({ protocol }: Opening): boolean {
  return protocol === "47" || protocol === "-1";
}

function separate(direction: Opening["direction"], props: Props): Opening {
  return {
    direction,
    protocol: protocolOf(props.ipProtocol),
    from: props.fromPort,
    to: props.toPort,
    peers: [
      ...peers("cidr", "cidrIpv4", props.cidrIpv4),
      ...peers("cidr", "cidrIpv6", props.cidrIpv6),
      ...peers("prefix list", "prefixListId", props.prefixListId),
      ...peers("group", "referencedSecurityGroupId", props.referencedSecurityGroupId),
    ],
    description: props.description,
  };
}

function inline(direction: Opening["direction"], rule: Props, within: (property: string) => string): Opening {
  const of = (kind: Peer["kind"], property: string) => peers(kind, within(property), rule[property]);
  return {
    direction,
    protocol: protocolOf(rule.protocol),
    from: rule.fromPort,
    to: rule.toPort,
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

/**
 * Outputs that are not known yet as a whole are left out: rules about the resource itself have its inputs, where the
 * program's own rules stand.
 */
function list(value: unknown): Props[] {
  return Array.isArray(value) ? value : [];
}
