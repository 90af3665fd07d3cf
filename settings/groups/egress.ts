/** `egress`: where clients' traffic goes. */
import { z } from "zod";
import { judgeCidr } from "../keys/networks.ts";
import { refusalsOf, repetitions } from "../keys/refusal.ts";
import { group } from "./tuning.ts";

export const egress = group(
  "egress",
  {
    mode: z.enum(["nat", "routed", "none"]).default("nat"),
    cidrs: z
      .array(z.string().check(refusalsOf(judgeCidr)))
      .max(50)
      .check(refusalsOf(repetitions("CIDR")))
      .default([]),
    clientToClient: z.boolean().default(false),
    routeTableIds: z
      .array(z.string().regex(/^rtb-([0-9a-f]{8}|[0-9a-f]{17})$/))
      .max(20)
      .check(refusalsOf(repetitions("route table")))
      .default([]),
  },
  {
    mode: {
      description:
        "nat: clients leave under the server's address; routed: under their own, with a route to each server's pool; none: they reach nothing.",
      allowed: "nat, routed or none",
      example: "routed",
      sets: "nftables masquerade and forward, the security group's rules, source/dest check, routes",
      own: "nothing is forwarded",
      why: "NAT asks nothing of the network behind. Routed lets a master poll its devices.",
      costs: "nat: a conntrack entry a flow; routed: a route a server",
      source: "AWS: VPC route tables",
      test: "lab/server/path/egress.test.ts: lets clients out under the server's address",
    },
    cidrs: {
      description:
        "IPv4 CIDRs that clients reach, and with routed may be reached from; empty: everything with nat, the VPC with routed.",
      allowed:
        "a list of at most 50 IPv4 CIDRs, each once; private ones (RFC 1918, RFC 6598) where mode is routed, none where it is none",
      example: "'[\"10.42.0.0/16\"]'",
      sets: "nftables forward, a rule each of TCP, UDP and ICMP in the security group, and with routed nftables input, as they open clients and nothing of the server",
      own: "nothing is forwarded",
      why: "Never all protocols: an open egress would let the server's own GRE begin flows that a missing rule for 47 ends 600 s later.",
      costs: "three rules a CIDR of the group's 60, each way with routed",
      traps: ["group-tracks-gre"],
      test: "components/network/firewall.test.ts: open TCP, UDP and ICMP for clients",
    },
    clientToClient: {
      description: "Whether clients of the same server reach each other.",
      allowed: "true or false",
      example: "true",
      sets: "nftables forward between ppp interfaces",
      own: "forwarded",
      why: "One device that is taken over does not reach the next.",
      costs: "nothing",
      source: "least privilege",
      test: "lab/server/path/egress.test.ts: do not reach each other",
    },
    routeTableIds: {
      description: "Route tables of vpcId that get a route to each server's pool, where mode is routed.",
      allowed: "a list of route table IDs such as rtb-0123456789abcdef0, with vpcId and mode routed only",
      example: "'[\"rtb-0123456789abcdef0\"]'",
      sets: "a route a server and table",
      own: "none",
      why: "Whoever shall reach the clients needs the way back to their server.",
      costs: "a route a server of the table's 500",
      source: "AWS: VPC quotas",
      test: "program/egress.test.ts: route",
    },
  },
);
