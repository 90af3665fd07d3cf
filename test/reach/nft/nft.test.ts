/** The reader of rules passes over nothing: what it does not know it refuses. */
import { describe, expect, test } from "vitest";
import { Ruleset } from "./nft.ts";
import type { Packet } from "./packet.ts";

const SYN: Packet = {
  iif: "eth0",
  oif: "",
  source: 0x0a090101,
  destination: 0x0a2a0004,
  protocol: 6,
  payload: Buffer.from("9c4006bb00000000000000005002000000000000", "hex"),
  state: "new",
  mark: 0,
};
const HEAD = "type filter hook input priority filter; policy drop;";

const rules = (rule: string, { head = HEAD, more = "" } = {}) =>
  `table inet some {\n${more}\nchain input {\n${head}\n${rule}\n}\n}\n`;
const verdict = (file: string) => new Ruleset([file]).at("input", { ...SYN });

test("each way to match that a SYN to port 1723 is led by", () => {
  for (const rule of [
    "tcp dport 1723 accept",
    "tcp dport { 22, 1720-1730 } ip saddr { 10.9.0.0/16, 192.0.2.1 } accept",
    "tcp dport != 22 ct state established,new accept",
    "tcp flags & (fin | syn | rst) == syn ip length >= 40 accept",
    'meta l4proto { tcp, udp } th dport 1723 iifname "eth*" counter accept comment "by name"',
    "@th,16,16 1723 ct mark set 7 ct mark 7 accept",
    "ip protocol vmap { gre : goto closed, tcp : goto open }",
  ])
    expect([
      rule,
      verdict(rules(rule, { more: "chain open {\naccept\n}\nchain closed {\ndrop\n}" })),
    ]).toEqual([rule, "accept"]);
});

describe("throws at", () => {
  test.each([
    "reject",
    "tcp dport ssh accept",
    "tcp window 1 accept",
    "tcp flags & (urg) == urg accept",
    "tcp option maxseg size 1400 accept",
    "udp dport 53 accept",
    "icmp type router-advertisement accept",
    "icmp id 1 accept",
    "meta l4proto sctp accept",
    "meta mark 1 accept",
    "ip saddr @admins accept",
    "ip saddr { 10.0.0.0/8 accept",
    "ip ttl 1 accept",
    "ip frag-off & 0x3fff == 1 accept",
    "ct state { new, snat } accept",
    "ct zone 1 accept",
    "ct mark and 1 accept",
    "ct count over 10 drop",
    "limit rate 1/second accept",
    "add @seen { ip saddr timeout 5s } accept",
    "jump elsewhere",
    "ip daddr $own accept",
    "tcp dport",
  ])("%s", (rule) => {
    expect(() => verdict(rules(rule))).toThrow();
  });

  test.each([
    [
      "a chain's priority",
      rules("accept", { head: "type filter hook input priority security; policy drop;" }),
    ],
    ["a chain's policy", rules("accept", { head: "type filter hook input priority filter;" })],
    [
      "a set's elements",
      rules("accept", { more: "set admins {\ntype ipv4_addr\nelements = { 10.9.0.1 }\n}" }),
    ],
    ["a table's part", rules("accept", { more: "flowtable some {\n}" })],
    ["a table's family", "table bridge some {\n}\n"],
    ["a command", "add rule inet some input accept\n"],
    ["the end of a file", "table inet some {\nchain input {\n"],
  ])("%s", (_, file) => {
    expect(() => verdict(file)).toThrow(/^nft: /);
  });
});
