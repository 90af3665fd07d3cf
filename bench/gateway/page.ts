/** A run of the gateway's bench as a section of docs/bench.md. */
import { CONTROL } from "../../protocols/pptp/flows.ts";
import { type Circumstances, told } from "../runs/circumstances.ts";
import { type Line, table } from "./lines.ts";
import type { Gateway } from "./variants.ts";

/** How many times plain forwarding GRE may cost. */
const AIM = 1.1;

/** What is plain from the table about the aim. */
export function aim(lines: Line[]): string {
  const gre = lines.filter(({ name }) => name.startsWith("gre-"));
  const range = (costs: number[]) => `${Math.min(...costs).toFixed(2)} to ${Math.max(...costs).toFixed(2)}`;
  const hops = gre.map(({ ours }) => ours.median);
  const met = Math.max(...hops) <= AIM;
  return `**The aim, GRE at ${AIM} times plain forwarding or less, is ${met ? "" : "not "}met**: the hop takes ${range(hops)}. (With the
sender in it on both sides, which says less, ${range(gre.map(({ oursOfAll }) => oursOfAll.median))}.)`;
}

export function page(circumstances: Circumstances, { plan }: Gateway, lines: Line[]): string {
  return `# What the gateway costs for a packet

${told(circumstances)}

${table(lines)}

${aim(lines)}

**plain**: instructions that the hop takes where a packet is forwarded without a rule. **NAT** and **ours**: how many
times that, the median of the rounds, each compared within its round; over 1 is more than plain forwarding.
**ours, of all**: the same ratio with the packet's making and its first crossing of a link added to both sides.

## What is compared

A gateway is a network namespace with one interface, as on EC2: packets come in there and leave there, with the VPC's
router as next hop. All three have the gateway's own sysctls, so no redirects and no check of the way back.

- **plain**: \`ip_forward\` and no rule, no connection tracking. It is given packets that have their last addresses
  already; the gateways below are given them as the internet gateway and the servers send them.
- **NAT**: does the same by memory, as a NAT instance would: GRE and ${CONTROL.title} get their destination by DNAT (the server
  of the call ID, the balancer) and their source by masquerading, and a stateful \`forward\` chain lets them pass. All
  its flows are established when the measurement begins. It has one server for all calls of a client, and leaves DF.
- **ours**: the files that the program puts on a gateway, opened by their own script; ${plan.servers.length} servers in the map.

GRE goes between ${plan.servers.length} clients and as many servers, with the first and the last call ID of each and two between them, or all
with the last of all; TCP is an echo of an open control connection. Before anything is measured, each packet is sent
once, and has to come back with its right addresses, its TTL one less and its checksums mended. Of those that are
measured all have to come back.

**The hop** is what a packet costs more when the gateway passes it on than when it ends at the gateway's door. One
program sends 1,000 frames by one system call into the link; each is worked off, to its end, before the next is made,
and the time for a thousand is taken (the median of 21). Then the same frames are sent with a MAC that is not the
gateway's: making them, crossing the link and being dropped by \`ip_rcv\` is what this takes, and it is taken away
from all three. What is left: the gateway's own work from its first look at the IP header to its driver, one crossing of a link,
and being dropped on the other side as before, since the router's MAC belongs to nobody there either.

A ratio of the whole, where sender and receiver are in it, says less the more these cost: *ours, of all* has the
sender in it and is so much nearer to 1. On EC2 the card's driver has work on both sides of the hop, which nothing
here stands for; so which of the two ratios is nearer to an instance's has not been measured.

## What it cannot say

As above, the clock counts instructions, 2 ns each: a busy host does not show, and ratios are those of work, **not of
an EC2 instance's packets per second**. Caches and mispredicted branches have no part in it, and the machine runs
without the kernel's mitigations (\`mitigations=off\`), which make each indirect call dearer; rules have more of
these than plain forwarding. Packets come one at a time, where a card's driver hands several over at once; what that
brings to each of the three has not been measured. An instance's own limits (bandwidth, packets a second, tracked
connections of its security group) are AWS's and not in it. Fragments, which no tunnel sends, are not measured.

## What was tried besides

By hand, on 2026-11-21, in the same machine, one run each; only the first is in use. Hops of GRE with 60 bytes, to the
servers and to the clients:

- **nft at the card's ingress**, which is what *ours* does for GRE: one rule each way that matches, sets the address,
  counts and passes on by \`fwd\`, before routing and every other hook. Each rule alone: 1.20 and 1.05. Of the 2,950
  instructions to the servers, \`fwd\` and the link take 1,640 and setting the address 560. A map by the call ID's
  masked top bits takes 180 to 560 less than one by ranges. TCP matches neither rule, pays for both and takes the long
  way then; a control connection says a few words a minute.
- **eBPF at tc's ingress** (tcx), 77 instructions without a counter, server by arithmetic, MACs set: 0.52 both ways,
  with 1,400 bytes as well. Debian's cloud image has no compiler, so its bytes would have to be carried along, beside
  rules that every other packet needs all the same.
- **eBPF as generic XDP**: 0.72, and 1.15 with 1,400 bytes, since packets are copied. Native XDP does not attach to a
  veth pair with an MTU of 9001, and was not tried on a card.
- A flow table does not take PPTP's GRE: the kernel's has version 0 only, and needs tracked connections.
`;
}
