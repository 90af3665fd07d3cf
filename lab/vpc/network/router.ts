/**
 * The VPC's router: a route table for each subnet, the internet gateway, and the way that a balanced flow takes back.
 *
 * - **Route tables**: a packet is routed by the table of the subnet that its sender's interface is in. The VPC's own
 *   CIDR is local in every table and comes first. A route leads to the internet gateway, or to an interface, whose
 *   machine gets the packet whatever its destination is. A subnet without an association has local routes only
 *   (docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html).
 * - **Internet gateway**: a public address and a private one are translated into each other, every protocol, no state;
 *   a private source without a public address is dropped; 1500 bytes
 *   (docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html).
 * - **Gateway endpoint of S3**: in the tables that have it, S3's addresses lead there, past internet gateway and machines; who
 *   asks is seen under its private address, and an address that is not of the VPC gets no answer
 *   (docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html).
 * - **Balanced flows**: what answers a flow that came by a balancer's node goes back to that node, whatever the
 *   target's own route says: with client addresses kept, "the reply traffic ... must be processed by the Network Load
 *   Balancer", which AWS does out of sight
 *   (docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html). Not seen on AWS by us.
 *
 * Leaves out: routes more specific than the VPC's, routes to other prefix lists than S3's, an endpoint's policy, edge associations, a route whose interface
 * is detached (its packets are dropped here, as there), ICMP redirects: machines see none, which EC2's router sends
 * neither, but between machines of one subnet real Ethernet would let them happen.
 */

import { parseAddress } from "../../../settings/ipv4.ts";
import { INTERNET_MTU, LINK_LOCAL_RESOLVER, METADATA } from "../../network/topology.ts";
import type { Route, Vpc } from "../vpc.ts";
import {
  AWS_LINK,
  ENI_END,
  INTERNET_ROUTER,
  ROUTER,
  ROUTER_END,
  services,
  TO_AWS,
  TO_INTERNET,
} from "./topology.ts";

/** The kernel's table of what is local in every subnet. A subnet's own, or the way back to a node, has a number of its own. */
const LOCAL = 100;
const tableOf = (address: string) => parseAddress(address.split("/")[0]!);

/** The router and its links to the internet and to the VPC's services, as a script for a new guest. */
export function createRouter(): string {
  return `ip netns add ${ROUTER}
ip netns exec ${ROUTER} sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \\
  net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0 net.ipv6.conf.default.disable_ipv6=1 \\
  net.netfilter.nf_conntrack_tcp_be_liberal=1
ip link add name ${TO_INTERNET} mtu ${INTERNET_MTU} netns ${ROUTER} type veth peer name vpc mtu ${INTERNET_MTU} netns ${INTERNET_ROUTER}
ip link set eth1 netns ${ROUTER} name ${TO_AWS}
ip -n ${ROUTER} -batch - <<'END'
link set lo up
address add ${ROUTER_END}/32 dev lo
link set ${TO_INTERNET} up
address add ${AWS_LINK.guest}/30 dev ${TO_AWS}
link set ${TO_AWS} up
END
ip -n ${INTERNET_ROUTER} address add ${ENI_END}/32 dev vpc
ip -n ${INTERNET_ROUTER} link set vpc up
`;
}

/** Every route and every rule that says which table is asked, as lines for `ip -batch`. */
export function routes(vpc: Vpc): string[] {
  const tables = subnetTables(vpc);
  const to = (name: string) => `via ${ENI_END} dev ${name} onlink`;
  const nodes = vpc.nodes.map(({ name }) => ({ name, table: nodeMark(name, vpc) }));
  return [
    ...[LOCAL, ...tables.map(({ table }) => table), ...nodes.map(({ table }) => table)].map(
      (table) => `route add blackhole default metric 9999 table ${table}`,
    ),
    ...services(vpc).map(
      (address) => `route add ${address}/32 via ${AWS_LINK.host} dev ${TO_AWS} onlink table ${LOCAL}`,
    ),
    ...vpc.interfaces.map(
      ({ privateAddress, name }) => `route add ${privateAddress}/32 ${to(name)} table ${LOCAL}`,
    ),
    ...tables.flatMap(({ routes, table }) =>
      routes.map((route) => `route add ${written(route, vpc, to)} table ${table}`),
    ),
    ...nodes.map(({ name, table }) => `route add default ${to(name)} table ${table}`),
    ...nodes.map(({ table }) => `rule add pref 10 fwmark ${table} lookup ${table}`),
    ...services(vpc).map((address) => `rule add pref 20 to ${address} lookup ${LOCAL}`),
    `rule add pref 20 to ${vpc.cidr} lookup ${LOCAL}`,
    ...tables.flatMap(({ interfaces, table }) =>
      interfaces.map(({ name }) => `rule add pref 30 iif ${name} lookup ${table}`),
    ),
  ];
}

/**
 * What takes the router from some routes to others while it forwards, as a script: what stays is not touched, and what
 * leads elsewhere does so in one step.
 */
export function changeRoutes(before: string[], after: string[]): string {
  const place = (line: string) =>
    /^route add (?:blackhole )?(\S+).* (table .*)/.exec(line)?.slice(1).join(" ");
  const kept = new Set(after.map(place));
  const added = after.filter((line) => !before.includes(line));
  const removed = before.filter((line) => !after.includes(line) && !(place(line) && kept.has(place(line))));
  const batch = (lines: string[], command: string, orNot = "") =>
    lines.length === 0 ? "" : `${command} <<'END'${orNot}\n${lines.join("\n")}\nEND\n`;
  return (
    batch(
      added.map((line) => line.replace(/^route add/, "route replace")),
      `ip -n ${ROUTER} -batch -`,
    ) +
    // The kernel has taken away those of a link that is gone.
    batch(
      removed.map((line) => line.replace(" add ", " delete ")),
      `ip -n ${ROUTER} -force -batch - 2>/dev/null`,
      " || true",
    )
  );
}

/** What the packets of a node's flows are marked with. */
function nodeMark(node: string, { interfaces }: Vpc): number {
  return tableOf(interfaces.find(({ name }) => name === node)!.privateAddress);
}

/** Each subnet that has interfaces, with the routes of its table. */
function subnetTables({ interfaces, routeTables }: Vpc) {
  const subnets = new Map(interfaces.map(({ subnet }) => [subnet.id, subnet]));
  return [...subnets.values()].map(({ id, cidr, routeTable }) => ({
    table: tableOf(cidr),
    interfaces: interfaces.filter(({ subnet }) => subnet.id === id),
    routes: routeTables.find((each) => each.id === routeTable)?.routes ?? [],
  }));
}

function written({ destination, via }: Route, { interfaces }: Vpc, to: (name: string) => string): string {
  if ("internetGateway" in via) return `${destination} ${to(TO_INTERNET)}`;
  if ("s3Endpoint" in via) return `${destination} via ${AWS_LINK.host} dev ${TO_AWS} onlink`;
  const eni = interfaces.find(({ id }) => id === via.networkInterface);
  return eni ? `${destination} ${to(eni.name)}` : `blackhole ${destination}`;
}

/** Internet gateway and balanced flows, replaced in one transaction. */
export function routerRules(vpc: Vpc): string {
  const { interfaces, nodes, cidr } = vpc;
  const elastic = interfaces.filter((eni) => eni.publicAddress !== undefined);
  const map = (entries: string[]) => (entries.length === 0 ? "" : `elements = { ${entries.join(", ")} }`);
  return `table ip vpc
delete table ip vpc
table ip vpc {
  counter no_public_address {
  }
  counter unknown_public_address {
  }
  counter private_source {
  }
  map to_private {
    type ipv4_addr : ipv4_addr
    ${map(elastic.map((eni) => `${eni.publicAddress} : ${eni.privateAddress}`))}
  }
  map to_public {
    type ipv4_addr : ipv4_addr
    ${map(elastic.map((eni) => `${eni.privateAddress} : ${eni.publicAddress}`))}
  }
  set public {
    type ipv4_addr
    ${map(elastic.map((eni) => eni.publicAddress!))}
  }

  # Only balanced flows are remembered, and those are TCP. Before defragmentation, which lets the rest be.
  chain untracked {
    type filter hook prerouting priority -450; policy accept;
    ip protocol != tcp notrack
  }
  chain from_internet {
    type filter hook prerouting priority raw; policy accept;
    iifname != "${TO_INTERNET}" accept
    # Nobody on the internet is of the VPC, or one of its services.
    ip saddr { ${[METADATA, LINK_LOCAL_RESOLVER, cidr].join(", ")} } counter name private_source drop
    ip daddr != @public counter name unknown_public_address drop
    ip daddr set ip daddr map @to_private
  }
  chain balanced {
    type filter hook prerouting priority mangle; policy accept;
${nodes
  .map(({ name }) => [name, nodeMark(name, vpc)])
  .map(
    ([name, mark]) => `    iifname "${name}" ct direction original ct mark set ${mark}
    iifname != "${name}" ct direction reply ct mark ${mark} meta mark set ${mark}
`,
  )
  .join("")}  }
  # What a machine sends has an address of the VPC: any other is a client's that no public address stands for.
  chain to_internet {
    type filter hook postrouting priority 300; policy accept;
    oifname != "${TO_INTERNET}" accept
    ip saddr set ip saddr map @to_public
    ip saddr != @public counter name no_public_address drop
  }
  chain aws {
    type filter hook forward priority filter; policy accept;
    iifname "${TO_AWS}" ip daddr != ${cidr} drop
    oifname "${TO_AWS}" ip saddr != ${cidr} drop
  }
}
`;
}
