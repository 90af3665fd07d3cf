/**
 * An elastic network interface: a namespace between machine and router that does to each packet what AWS does there.
 *
 *     machine ─ machine ─[ source/dest check ▸ security groups ]─ vpc ─ router
 *
 * - **Source/destination check**: what leaves must come from the interface's own address, what arrives must go there
 *   (docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html).
 * - **Security groups**, each interface for itself: TCP, UDP and ICMP by connection tracking; of any other protocol AWS
 *   tracks the address pair and the protocol number, for 600 s of quiet, whoever began
 *   (docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html): `@flows` is that. What is
 *   tracked outlives its rule; rules that are replaced forget `@flows`, as if the 600 s had passed.
 * - The VPC's own services pass by the groups; the metadata service's answers go one hop (IMDS, hop limit 1).
 *
 * Fragments pass as they came: nothing here joins those of GRE. Leaves out: network ACLs, rules that name a group, flows
 * that AWS does not track, idle timeouts of TCP and UDP, limits of packets or connections.
 */

import { addressAt, prefixLength } from "../../network/addresses.ts";
import { FLOW_TIMEOUT, match } from "../../network/rules.ts";
import { METADATA, VPC_MTU } from "../../network/topology.ts";
import type { Eni, Vpc } from "../vpc.ts";
import { ENI_END, namespaceOf, ROUTER, ROUTER_END, services } from "./topology.ts";

/** What each interface counts since its rules were last applied. */
const ENI_COUNTERS = {
  source_check: "sent from another address than the interface's",
  dest_check: "arrived for another address than the interface's",
  gre_in: "GRE let in",
  gre_out: "GRE let out",
  gre_refused: "GRE that no rule and no flow admits, either way",
  refused: "any other packet that no rule admits, either way",
} as const;
export type EniCounter = keyof typeof ENI_COUNTERS;

/** The namespace of a new interface, as a script; its machine is plugged in by `plug`. */
export function createEni(eni: Eni): string {
  const space = namespaceOf(eni);
  return `ip netns add ${space}
ip netns exec ${space} sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \\
  net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0 net.ipv6.conf.default.disable_ipv6=1 \\
  net.netfilter.nf_conntrack_tcp_be_liberal=1
ip -n ${space} -batch - <<'END'
# While no machine is plugged in, what arrives is dropped.
route add blackhole default metric 9999 table 100
rule add pref 100 iif vpc lookup 100
rule add pref 200 iif machine lookup 200
END
${linkEni(eni)}${plug(eni)}`;
}

/** Its link to the router. */
export function linkEni(eni: Eni): string {
  const space = namespaceOf(eni);
  return `ip link add name ${eni.name} mtu ${VPC_MTU} netns ${ROUTER} type veth peer name vpc mtu ${VPC_MTU} netns ${space}
ip -n ${ROUTER} link set ${eni.name} up
ip -n ${space} -batch - <<'END'
address add ${ENI_END}/32 dev vpc
link set vpc up
route add default via ${ROUTER_END} dev vpc onlink table 200
route add default via ${ROUTER_END} dev vpc onlink
END
`;
}

export function cutEni({ name }: Eni): string {
  return `ip -n ${ROUTER} link delete ${name}\n`;
}

/**
 * The machine's own namespace, as new as its kernel would be, on its interface. Its card is down until it boots
 * (lab/vpc/guest/layer.sh): a kernel that has no rules yet must not answer.
 */
export function plug(eni: Eni): string {
  const { name, privateAddress, subnet, mac } = eni;
  const space = namespaceOf(eni);
  return `ip netns add ${name}
ip link add name machine mtu ${VPC_MTU} netns ${space} type veth peer name eth0 address ${mac} mtu ${VPC_MTU} netns ${name}
ip -n ${space} -batch - <<'END'
link set machine up
neighbour add ${privateAddress} lladdr ${mac} dev machine nud permanent
route add default via ${privateAddress} dev machine onlink table 100
END
# The router's address, for whatever the machine asks: AWS's subnets have no neighbours but by the router.
ip netns exec ${space} sysctl -qw net.ipv4.conf.machine.proxy_arp=1 net.ipv4.neigh.machine.proxy_delay=0
ip -n ${name} -batch - <<'END'
link set lo up
address add ${privateAddress}/${prefixLength(subnet.cidr)} dev eth0
END
`;
}

/** The card of what has no machine to set it up. */
export function cardUp({ name, subnet }: Eni): string {
  return `ip -n ${name} -batch - <<'END'
link set eth0 up
route add default via ${addressAt(subnet.cidr, 1)}
END
`;
}

/** Takes the machine's namespace away, with the rules, routes and switches that it has set there. */
export function unplug(eni: Eni): string {
  return `ip -n ${namespaceOf(eni)} link delete machine
ip netns delete ${eni.name}
`;
}

/** One that is cut off already. */
export function deleteEni(eni: Eni): string {
  return `ip netns delete ${namespaceOf(eni)}
ip netns delete ${eni.name} 2>/dev/null || true
`;
}

/** The whole table, replaced in one transaction; what conntrack knows is kept. */
export function eniRules(eni: Eni, vpc: Pick<Vpc, "cidr">): string {
  const own = services(vpc).join(", ");
  const check = eni.sourceDestCheck
    ? `    iifname "machine" ip saddr != ${eni.privateAddress} counter name source_check drop
    iifname "vpc" ip daddr != ${eni.privateAddress} counter name dest_check drop
`
    : "";
  return `table ip eni
delete table ip eni
table ip eni {
${Object.keys(ENI_COUNTERS)
  .map((name) => `  counter ${name} {\n  }`)
  .join("\n")}

  # own address . address of the other side . protocol
  set flows {
    typeof ip saddr . ip daddr . ip protocol
    flags dynamic,timeout
    size 65536
    timeout ${FLOW_TIMEOUT}s
  }
  # Before defragmentation (-400), which then lets fragments be.
  chain untracked {
    type filter hook prerouting priority -450; policy accept;
    ip protocol != { icmp, tcp, udp } notrack
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
${check}    iifname "machine" ip daddr { ${own} } accept
    iifname "vpc" ip saddr { ${own} } accept
    ip protocol != { icmp, tcp, udp } goto by_address
    ct state established,related accept
    iifname "machine" jump egress
    iifname "vpc" jump ingress
    accept
  }
  chain by_address {
    iifname "machine" ip saddr . ip daddr . ip protocol != @flows jump egress
    iifname "machine" update @flows { ip saddr . ip daddr . ip protocol }
    iifname "vpc" ip daddr . ip saddr . ip protocol != @flows jump ingress
    iifname "vpc" update @flows { ip daddr . ip saddr . ip protocol }
    ip protocol gre iifname "vpc" counter name gre_in
    ip protocol gre iifname "machine" counter name gre_out
    accept
  }
  chain egress {
${eni.egress.map((rule) => `    ${match(rule, "egress")} return\n`).join("")}    goto refuse
  }
  chain ingress {
${eni.ingress.map((rule) => `    ${match(rule, "ingress")} return\n`).join("")}    goto refuse
  }
  chain refuse {
    ip protocol gre counter name gre_refused drop
    counter name refused drop
  }
  chain hop_limit {
    type filter hook postrouting priority filter; policy accept;
    oifname "machine" ip saddr ${METADATA} ip ttl set 1
  }
}
`;
}
