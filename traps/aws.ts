/** What AWS's network, balancer and machines do. None of it has been seen on AWS by us: it is from AWS's pages and models. */
import type { Topic } from "./trap.ts";

const MUTATIONS = "lab/vpc/mutations.test.ts";

export const ofAws = {
  "ena-one-queue-per-address": {
    seen: "ENA spreads GRE over its queues by addresses alone: one office behind one NAT is one queue. Linux's RPS reads PPTP's call ID.",
    versions: "AWS's pages on ENA; the kernel's networking/scaling and its flow dissector",
    answer: "RPS is on, and keeps the order within a call.",
    test: "lab/emulated/nic.test.ts: are every CPU's with it",
  },
  "queue-count-is-nowhere": {
    seen: "The provider's question for an instance type has no number of queues, an instance's own setting of it is refused by most families, and most types give their most by default.",
    versions: "AWS's provider and EC2's models",
    answer:
      "Machines set and check their queues themselves, and a dated table of ENA families says which types have more than one.",
    test: "lab/emulated/nic.test.ts: a card with fewer queues than the plan has says so, where readiness reads it",
  },
  "group-tracks-gre": {
    seen: "Security groups track GRE by address and protocol for 600 s. A server's own first LCP packet, let out by an open egress, lets the client's in: a group with no rule for protocol 47 seems to work until its tunnels were quiet for that long.",
    versions: "AWS's page on connection tracking",
    answer:
      "Rules for 47 both ways, egress never of all protocols, and a policy that wants them. A test takes 47 out both ways.",
    test: "lab/server/sessions/tunnel.test.ts: taken out both ways make the dial fail at LCP; before and after it succeeds",
  },
  "flow-outlives-its-rule": {
    seen: "A tracked flow outlives its rule: taking a CIDR out of a security group does not end its tunnels while they talk.",
    versions: "AWS's page on connection tracking",
    answer: "README.md and docs/limits.md say so. A network ACL cuts at once.",
    untested: "it is AWS's to do; the lab's stand-in does the same, and is tested",
  },
  "unhealthy-target-loses-connections": {
    seen: "By default an NLB ends the connections of a target that turns unhealthy: a server that is full or drains would drop everybody.",
    versions: "AWS's page on target group attributes",
    answer: "The target group ends none, and an unhealthy target has the longest draining that there is.",
    test: `${MUTATIONS}: loses them where the target group ends the connections of unhealthy targets`,
  },
  "health-checkers-on-no-list": {
    seen: "Route 53's health checkers come from addresses that no allow list has.",
    versions: "AWS's pages",
    answer: "A name's health comes from CloudWatch alarms.",
    test: "program/nlb.test.ts: asks nothing of Route 53's own checkers, which are on nobody's allow list",
  },
  "instance-boots-before-its-routes": {
    seen: "An instance depends on its subnet only: it boots before its routes, its Elastic IP or its gateway are there, and its first apt-get fails. An NLB or an Elastic IP names no internet gateway, so `up` and `destroy` race with it.",
    versions: "AWS's provider",
    answer:
      "An interface of its own for each server, then the address, then the instance, all after routes and gateway; and first boot waits for the mirror.",
    test: "program/resources.test.ts: starts after its address, its routes, its rules, its accounts and what it is to be",
  },
  "launch-template-without-address": {
    seen: "A launch template with network interfaces forbids subnet, groups and private address on the instance, and knows no source/destination check.",
    versions: "EC2's models",
    answer: "There is none: each server has an interface with the plan's address.",
    test: "program/resources.test.ts: is an instance on an interface of its own, with the plan's address",
  },
  "internet-gateway-drops-private-source": {
    seen: "The internet gateway translates a private address that owns an Elastic IP, and drops any other.",
    versions: "AWS's pages",
    answer: "Whatever leaves a private subnet leaves under its gateway's own address.",
    test: "lab/namespaces/gateway.test.ts: leaves under the gateway's own address, and is counted",
  },
} satisfies Topic;
