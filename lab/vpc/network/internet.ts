/**
 * The internet side, in the guest: its router, and clients on it, two of them behind one address.
 *
 *     vpc ── internet ─┬─ client        the first host of what may dial
 *                      ├─ nat ─┬─ behind-1     both leave under the nat's address, the second host; the nat is
 *                      │       └─ behind-2     a home router with a helper for PPTP
 *                      └─ internet0: the far host, Secrets Manager, packages (lab/vpc/host.ts)
 *
 * The nat tells its tunnels apart by call ID (nf_nat_pptp): without that helper two clients of one server collide.
 */

import { CONTROL } from "../../../protocols/pptp/flows.ts";
import { addressAt, overlap, prefixLength } from "../../network/addresses.ts";
import { admitsControl } from "../../network/fleet.ts";
import { INTERNET_MTU } from "../../network/topology.ts";
import type { Vpc } from "../vpc.ts";
import { ELASTIC, INTERNET_ROUTER, NET_LINK, ROUTER_END } from "./topology.ts";

/** Where the whole internet may dial, clients are here. */
const ANYWHERE = "198.19.252.0/24";
const HOME = "192.168.77.0/24";

/** Default routes of the clients on the internet, and of those at home. */
const PROVIDER = "169.254.2.1";
const HOME_ROUTER = addressAt(HOME, 1);

/** Names of the clients' namespaces. */
export const CLIENTS = ["client", "behind-1", "behind-2"] as const;
export type ClientName = (typeof CLIENTS)[number];

export interface Outside {
  /** The direct client's address, and the one that the clients behind the nat share. */
  client: string;
  nat: string;
  /** IPv4 CIDR of both. */
  cidr: string;
}

/** Where clients dial from: the first CIDR from which an interface lets PPTP's control connection in. */
export function outside({ interfaces, cidr: own }: Vpc): Outside {
  const doors = interfaces.filter(({ publicAddress }) => publicAddress !== undefined);
  const rule = doors
    .flatMap(({ ingress }) => ingress)
    .find((each) => {
      const { cidr } = each;
      const clients = cidr !== undefined && (prefixLength(cidr) === 0 || !overlap(cidr, own));
      return clients && admitsControl(each);
    });
  if (!rule) throw new Error(`no ingress rule of an interface with a public address admits ${CONTROL.title}`);
  const cidr = prefixLength(rule.cidr) === 0 ? ANYWHERE : rule.cidr;
  if (prefixLength(cidr) > 30) throw new Error(`${cidr} has no room for the lab's two client addresses`);
  return { cidr, client: addressAt(cidr, 1), nat: addressAt(cidr, 2) };
}

/** As a script for a new guest, before the router's: it owns the link between them. */
export function createInternet({ client, nat }: Outside): string {
  return `ip netns add ${INTERNET_ROUTER}
ip netns exec ${INTERNET_ROUTER} sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \\
  net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0 net.ipv6.conf.default.disable_ipv6=1
ip link set eth0 netns ${INTERNET_ROUTER} name internet0
ip -n ${INTERNET_ROUTER} -batch - <<'END'
link set lo up
address add ${NET_LINK.guest}/30 dev internet0
link set internet0 up
route add default via ${NET_LINK.host}
END
${host("client", client, INTERNET_ROUTER, PROVIDER)}${host("nat", nat, INTERNET_ROUTER, PROVIDER)}ip netns exec nat sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
${host("behind-1", addressAt(HOME, 11), "nat", HOME_ROUTER)}${host("behind-2", addressAt(HOME, 12), "nat", HOME_ROUTER)}ip netns exec nat nft -f - <<'END'
table ip home {
  ct helper pptp {
    type "pptp" protocol tcp
  }
  chain helper {
    type filter hook prerouting priority mangle; policy accept;
    tcp dport ${CONTROL.port} ct helper set "pptp"
  }
  chain nat {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${HOME} oifname "eth0" snat to ${nat}
  }
}
END
`;
}

/** Routes that need the link to the VPC's router. */
export function internetRoutes(): string {
  return `ip -n ${INTERNET_ROUTER} route add ${ELASTIC} via ${ROUTER_END} dev vpc onlink\n`;
}

/** A namespace behind the one of `router`, whose link to it has its name. */
function host(name: string, address: string, router: string, routerAddress: string): string {
  return `ip netns add ${name}
ip link add name ${name} mtu ${INTERNET_MTU} netns ${router} type veth peer name eth0 mtu ${INTERNET_MTU} netns ${name}
ip -n ${router} -batch - <<'END'
address add ${routerAddress}/32 dev ${name}
link set ${name} up
route add ${address}/32 dev ${name}
END
ip -n ${name} -batch - <<'END'
link set lo up
address add ${address}/32 dev eth0
link set eth0 up
route add ${routerAddress}/32 dev eth0
route add default via ${routerAddress} dev eth0
END
`;
}
