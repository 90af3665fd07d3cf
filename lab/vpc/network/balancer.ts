/**
 * A node of a Network Load Balancer: the namespace `balancer-a` behind its own interface, address and groups.
 *
 *     client ─▶ node:port ─[ sticky? healthy? choose ]─▶ target:port     answers leave by the node's own subnet's route
 *
 * - **TCP only**: nothing here knows another protocol.
 * - **Choice**: among the healthy targets that the node may choose; where none is healthy, among all of them: fail open
 *   (docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html). With stickiness by
 *   source address a client stays with its target for as long as that is healthy, and then with one other; without it
 *   each connection chooses by its addresses and ports (…/network/edit-target-group-attributes.html).
 * - **Client address** kept, or replaced by the node's (the same page).
 * - **Idle timeout**: a connection without a packet for that long is forgotten; whoever speaks next gets a RST
 *   (…/network/update-idle-timeout.html).
 * - **Unhealthy targets** keep their connections, unless the group ends these: they are forgotten, and whoever speaks
 *   next gets a RST.
 *
 * The choice is health.py's, which checks and writes the chain `choose`. Leaves out: weights, slow start, deregistration
 * delay (a target that goes keeps its connections), the limit of a node, DNS of the balancer's own name; that a target
 * whose health changes may cost any client its stickiness, as AWS hashes addresses over the healthy ones
 * (repost.aws/questions/QUQwR1pCbWST28vXu96aQfBw).
 */

import type { BalancerNode, Vpc } from "../vpc.ts";
import { cardUp } from "./eni.ts";
import { PROGRAMS } from "./topology.ts";

/** Where health.py finds what to do, and leaves what it saw. */
export const CONFIG = "/run/lab/balancer";

/** The node's rules but for the choice. The table stays, and with it who is sticky to whom. */
export function nodeRules({ name, listeners }: BalancerNode, { interfaces }: Vpc): string {
  const { privateAddress } = interfaces.find((each) => each.name === name)!;
  const ports = listeners.map(({ port }) => port).join(", ");
  const hidden = listeners
    .filter(({ preserveClientIp }) => !preserveClientIp)
    .flatMap(({ targets }) => targets.map(({ address, port }) => `${address} . ${port}`));
  return `table ip balancer {
  # client -> the number of its target
  map sticky {
    type ipv4_addr : mark
    flags dynamic,timeout
    size 65536
    timeout 1d
  }
  chain choose {
  }
  chain arrive {
    type nat hook prerouting priority dstnat; policy accept;
  }
  chain leave {
    type nat hook postrouting priority srcnat; policy accept;
  }
  chain forgotten_in {
    type filter hook input priority filter; policy accept;
  }
  chain forgotten_through {
    type filter hook forward priority filter; policy accept;
  }
}
flush chain ip balancer arrive
flush chain ip balancer leave
flush chain ip balancer forgotten_in
flush chain ip balancer forgotten_through
table ip balancer {
  chain arrive {
    ${ports ? `ip daddr ${privateAddress} tcp dport { ${ports} } goto choose` : ""}
  }
  chain leave {
    ${hidden.length > 0 ? `ct status dnat ip daddr . tcp dport { ${hidden.join(", ")} } snat to ${privateAddress}` : ""}
  }
  chain forgotten_in {
    ct state invalid tcp flags & rst == 0 reject with tcp reset
  }
  chain forgotten_through {
    ct state invalid tcp flags & rst == 0 reject with tcp reset
    ct state invalid drop
  }
}
`;
}

/** What a new node's namespace needs: it forwards, and takes no packet for a connection that it does not know. */
export function createNode({ name }: BalancerNode, { interfaces }: Vpc): string {
  return `${cardUp(interfaces.find((each) => each.name === name)!)}ip netns exec ${name} sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0 \\
  net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0 \\
  net.netfilter.nf_conntrack_tcp_loose=0 net.netfilter.nf_conntrack_tcp_be_liberal=1
mkdir -p ${CONFIG}
`;
}

/** Starts a new node's health checks. */
export function startHealth(node: string): string {
  return `systemd-run -q --collect --unit=health-${node} --property=NetworkNamespacePath=/run/netns/${node} \\
  python3 ${PROGRAMS}/health.py ${CONFIG}/${node}.json ${CONFIG}/${node}.state
`;
}

/** For any interface that goes: what a node has beside its namespace. */
export function deleteNode({ name }: Pick<BalancerNode, "name">): string {
  return `systemctl stop health-${name} 2>/dev/null || true
rm -f ${CONFIG}/${name}.*
`;
}

/** Seconds; the shortest of its listeners', as the kernel has one for all. */
export function nodeIdleTimeout({ name, listeners }: BalancerNode): string {
  const seconds = Math.min(...listeners.map(({ idleTimeout }) => idleTimeout), 6000);
  return `ip netns exec ${name} sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_established=${seconds}\n`;
}

/** For health.py. */
export function healthConfig({ listeners }: BalancerNode): string {
  return JSON.stringify(
    listeners.map(({ port, sticky, terminateUnhealthy, targets, healthCheck }) => ({
      ...{ port, sticky, terminateUnhealthy, healthCheck },
      targets: targets.map(({ address, port }) => ({ address, port })),
    })),
  );
}
