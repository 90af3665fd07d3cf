/** The client's machine on the internet's side of the lab, and further clients in namespaces of it. */

import type { Agent } from "../guest/agent.ts";

export interface ClientLink {
  /** The client's address: one that the security groups let in, or not. */
  address: string;
  /** The lab router's address on the client's link. */
  router: string;
}

/** Gives the client its address as a /32, so that everything else lies behind the router, whatever the address is. */
export async function configureClient(agent: Agent, { address, router }: ClientLink): Promise<void> {
  // The agent may be there before udev has loaded the card's driver.
  await agent.sh(`set -e
    udevadm wait --timeout=600 /sys/class/net/eth0
    ip link set eth0 up
    ip addr flush dev eth0
    ip addr add ${address}/32 dev eth0
    ip route replace ${router}/32 dev eth0
    ip route replace default via ${router} dev eth0`);
}

/**
 * One more client with an address of its own, as the network namespace `name` of the client's machine. The router
 * must have a route to the address (`ip route add ADDRESS/32 dev client0`).
 */
export async function addClient(agent: Agent, name: string, { address, router }: ClientLink): Promise<void> {
  await agent.sh(`set -e
    ip netns add ${name}
    ip link add link eth0 name ${name} netns ${name} type macvlan mode bridge
    ip -n ${name} link set lo up
    ip -n ${name} link set ${name} up
    ip -n ${name} addr add ${address}/32 dev ${name}
    ip -n ${name} route add ${router}/32 dev ${name}
    ip -n ${name} route add default via ${router} dev ${name}`);
}
