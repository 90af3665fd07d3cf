/** Elastic IPs that exist already. */
import { FREE } from "../aws/addresses.ts";
import { type Case, each, NOTHING } from "./case.ts";

const [first, second] = FREE;

export const cases: Case[] = [
  {
    change: "`elasticIps`: one for zone `a`",
    ends: "another number",
    to: { elasticIps: { a: first } },
    nlb: { replaced: ["EipAssociation gateway-a"], deleted: ["Eip a-1"] },
    eip: { replaced: ["EipAssociation a-1"], deleted: ["Eip a-1"] },
  },
  {
    change: "`elasticIps`: another for zone `a`",
    ends: "another number",
    from: { elasticIps: { a: first } },
    to: { elasticIps: { a: second } },
    nlb: { replaced: ["EipAssociation gateway-a"] },
    eip: { replaced: ["EipAssociation a-1"] },
  },
  {
    change: "`elasticIps`: taken out",
    ends: "another number",
    from: { elasticIps: { a: first } },
    to: { elasticIps: undefined },
    nlb: { created: ["Eip a-1"], replaced: ["EipAssociation gateway-a"] },
    eip: { created: ["Eip a-1"], replaced: ["EipAssociation a-1"] },
  },
  {
    change: "`elasticIps`: `a` named as `a-1`",
    from: { elasticIps: { a: first } },
    to: { elasticIps: { "a-1": first } },
    nlb: NOTHING,
    eip: NOTHING,
  },
  {
    change: "`elasticIps`: one for server `a-2`, of three",
    from: { servers: 3 },
    to: { servers: 3, elasticIps: { "a-2": first } },
    nlb: NOTHING,
    eip: { replaced: ["EipAssociation a-2"], deleted: each("Eip", "a-2") },
  },
];
