/**
 * The router's ruleset: a stand-in for a VPC's internet gateway and its security groups, as text for `nft -f -`.
 *
 *   from the internet                                                     to the internet
 *   raw: Elastic IP ▶ private ─▶ conntrack ─▶ forward: groups ─▶ … ─▶ 300: private ▶ Elastic IP
 *
 * Connection tracking therefore sees private addresses only, both ways.
 *
 * - **Internet gateway**: one Elastic IP to one private address, whatever the protocol, without state; a private
 *   source without one is dropped.
 * - **Security groups**: TCP, UDP and ICMP by connection tracking. Of any other protocol AWS tracks the address
 *   pair and the protocol number, and lets answers in for 600 s of quiet, whoever began
 *   (docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html): `@flows` is that.
 * - Metadata, DHCP and DNS are the router's own and pass by the groups, as at AWS.
 *
 * Leaves out: network ACLs, rules that name a group or a prefix list, flows that AWS does not track, its idle
 * timeouts for TCP and UDP, the Elastic IP of one server dialled by another, addresses inside ICMP errors.
 */

import { CONTROL } from "../../protocols/pptp/flows.ts";
import type { GroupRule, LabMachine } from "./fleet.ts";
import {
  CLIENT_LINK,
  INTERNET_LINK,
  INTERNET_MTU,
  LINK_LOCAL_RESOLVER,
  METADATA,
  type Topology,
  UPLINK,
} from "./topology.ts";

/** Seconds of quiet after which a flow other than TCP, UDP or ICMP is forgotten (the page above). */
export const FLOW_TIMEOUT = 600;

/** What the router counts, packets and bytes, since the rules were last applied. */
const COUNTERS = {
  control_in: "PPTP's control connection to a server, let in",
  gre_in: "GRE to a server, let in",
  gre_out: "GRE from a server, let out",
  gre_refused: "GRE that no rule and no flow admits, either way",
  refused: "any other packet that no rule admits, either way",
  no_elastic_ip: "from a source that owns no Elastic IP, dropped by the internet gateway",
  fragments_in: "fragments on the wire from the client",
  fragments_out: "fragments from a server to the client, and GRE that the path has yet to fragment",
} as const;
export type CounterName = keyof typeof COUNTERS;

/** The whole table, replaced in one transaction: flows are forgotten, what conntrack knows is kept. */
export function ruleset({ attachments, subnets, client }: Topology): string {
  const machines = attachments.map(({ machine }) => machine);
  const outside = `{ "${CLIENT_LINK}", "${INTERNET_LINK}", "${UPLINK}" }`;
  const resolvers = [LINK_LOCAL_RESOLVER, ...subnets.map(({ resolver }) => resolver)].join(", ");
  const map = (entries: string[]) => (entries.length === 0 ? "" : `elements = { ${entries.join(", ")} }`);
  return `table ip lab
delete table ip lab
table ip lab {
${Object.keys(COUNTERS)
  .map((name) => `  counter ${name} {\n  }`)
  .join("\n")}

  set machines {
    type ipv4_addr
    ${map(machines.map((each) => each.privateAddress))}
  }
  map elastic_to_private {
    type ipv4_addr : ipv4_addr
    ${map(machines.map((each) => `${each.publicAddress} : ${each.privateAddress}`))}
  }
  map private_to_elastic {
    type ipv4_addr : ipv4_addr
    ${map(machines.map((each) => `${each.privateAddress} : ${each.publicAddress}`))}
  }
  # private address . address of the other side . protocol
  set flows {
    typeof ip saddr . ip daddr . ip protocol
    flags dynamic,timeout
    size 65536
    timeout ${FLOW_TIMEOUT}s
  }

${machines.map((machine) => groups(machine)).join("\n")}
  map ingress {
    type ipv4_addr : verdict
    ${map(machines.map((each) => `${each.privateAddress} : jump ${chain("ingress", each)}`))}
  }
  map egress {
    type ipv4_addr : verdict
    ${map(machines.map((each) => `${each.privateAddress} : jump ${chain("egress", each)}`))}
  }

  # Before defragmentation (-400), which joins what it sees.
  chain count_fragments {
    type filter hook prerouting priority -450; policy accept;
    iifname "${CLIENT_LINK}" ip frag-off & 0x3fff != 0 counter name fragments_in
    iifname "br-*" ip daddr ${client.address} ip frag-off & 0x3fff != 0 counter name fragments_out
    iifname "br-*" ip daddr ${client.address} ip protocol gre ip length > ${INTERNET_MTU} counter name fragments_out
  }
  chain from_internet {
    type filter hook prerouting priority raw; policy accept;
    # Nobody on the internet reaches, or is, a private address.
    iifname ${outside} ip saddr @machines drop
    iifname ${outside} ip daddr @machines drop
    ip daddr set ip daddr map @elastic_to_private
    ip protocol != { icmp, tcp, udp } notrack
  }
  chain to_internet {
    type filter hook postrouting priority 300; policy accept;
    oifname { "${CLIENT_LINK}", "${INTERNET_LINK}" } ip saddr set ip saddr map @private_to_elastic
  }
  # Debian's mirrors lie behind the host's own address.
  chain uplink {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "${UPLINK}" ip saddr @machines masquerade
  }

  chain forward {
    type filter hook forward priority filter; policy drop;
    oifname ${outside} iifname "br-*" ip saddr != @machines counter name no_elastic_ip drop
    ip saddr != @machines ip daddr != @machines drop
    oifname "${UPLINK}" tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu
    ip protocol != { icmp, tcp, udp } goto untracked
    ct state established,related goto admitted
    ip saddr vmap @egress
    ip daddr vmap @ingress
    goto admitted
  }
  chain untracked {
    ip saddr . ip daddr . ip protocol != @flows ip saddr vmap @egress
    ip saddr @machines update @flows { ip saddr . ip daddr . ip protocol }
    ip daddr . ip saddr . ip protocol != @flows ip daddr vmap @ingress
    ip daddr @machines update @flows { ip daddr . ip saddr . ip protocol }
    goto admitted
  }
  chain admitted {
    ip daddr @machines tcp dport ${CONTROL.port} counter name control_in
    ip daddr @machines ip protocol gre counter name gre_in
    ip saddr @machines ip protocol gre counter name gre_out
    accept
  }
  chain refuse {
    ip protocol gre counter name gre_refused drop
    counter name refused drop
  }

  chain input {
    type filter hook input priority filter; policy drop;
    iifname "lo" accept
    ct state established,related accept
    iifname "br-*" udp dport 67 accept
    iifname "br-*" ip daddr { ${resolvers} } meta l4proto { tcp, udp } th dport 53 accept
    iifname "br-*" ip daddr ${METADATA} tcp dport 80 accept
  }
  # A hop limit of 1: the answer goes no further than the machine itself.
  chain output {
    type filter hook output priority filter; policy accept;
    ip saddr ${METADATA} tcp sport 80 ip ttl set 1
  }
}
`;
}

/** nft's names have no hyphen. */
function chain(direction: "ingress" | "egress", { name }: LabMachine): string {
  return `${direction}_${name.replaceAll("-", "_")}`;
}

/** One machine's groups: a chain that returns what a rule admits. */
function groups(machine: LabMachine): string {
  const one = (direction: "ingress" | "egress") => `  chain ${chain(direction, machine)} {
${[...machine[direction].map((rule) => `${match(rule, direction)} return`), "goto refuse"].map((each) => `    ${each}`).join("\n")}
  }`;
  return `${one("ingress")}\n${one("egress")}`;
}

/** What a rule matches, in nft's words. @throws Error for a rule that this stand-in does not know. */
export function match(rule: GroupRule, direction: "ingress" | "egress"): string {
  if (!rule.cidr)
    throw new Error(`the rule "${rule.description}" names no IPv4 CIDR: the lab knows no other kind`);
  const other = `ip ${direction === "ingress" ? "saddr" : "daddr"} ${rule.cidr}`;
  const protocol = { 1: "icmp", 6: "tcp", 17: "udp" }[rule.protocol] ?? rule.protocol;
  switch (protocol) {
    case "-1":
      return other;
    case "tcp":
    case "udp":
      return `${other} ip protocol ${protocol}${ports(rule, protocol)}`;
    case "icmp":
      // EC2 keeps the type in fromPort and the code in toPort, -1 for all.
      return `${other} ip protocol icmp${field("icmp type", rule.fromPort)}${field("icmp code", rule.toPort)}`;
    default:
      if (!/^\d+$/.test(protocol))
        throw new Error(`the rule "${rule.description}" has the unknown protocol ${protocol}`);
      return `${other} ip protocol ${protocol}`;
  }
}

function ports({ fromPort, toPort }: GroupRule, protocol: string): string {
  if (fromPort === undefined || fromPort === -1) return "";
  return ` ${protocol} dport ${fromPort === (toPort ?? fromPort) ? fromPort : `${fromPort}-${toPort}`}`;
}

function field(name: string, value: number | undefined): string {
  return value === undefined || value === -1 ? "" : ` ${name} ${value}`;
}
