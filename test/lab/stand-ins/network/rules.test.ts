/** The ruleset's text. What the kernel makes of it is test/lab/stand-ins/vms/cloud.test.ts's to prove. */

import { describe, expect, test } from "vitest";
import { match, ruleset } from "../../../../lab/network/rules.ts";
import { topology } from "../../../../lab/network/topology.ts";
import { rule, sampleFleet } from "../sample-fleet.ts";

describe("a group's rule, in nft's words", () => {
  test("an ingress rule matches where packets come from", () =>
    expect(match(rule("tcp", "100.64.9.0/24", 1723), "ingress")).toBe(
      "ip saddr 100.64.9.0/24 ip protocol tcp tcp dport 1723",
    ));
  test("an egress rule matches where they go", () =>
    expect(match(rule("udp", "0.0.0.0/0", 53, 54), "egress")).toBe(
      "ip daddr 0.0.0.0/0 ip protocol udp udp dport 53-54",
    ));
  test("a protocol may be its number", () =>
    expect(match(rule("6", "10.0.0.0/8", 443), "egress")).toBe(
      "ip daddr 10.0.0.0/8 ip protocol tcp tcp dport 443",
    ));
  test("GRE is 47, without ports", () =>
    expect(match(rule("47", "100.64.9.0/24", -1), "ingress")).toBe("ip saddr 100.64.9.0/24 ip protocol 47"));
  test("-1 is every protocol", () =>
    expect(match(rule("-1", "10.0.0.0/8"), "egress")).toBe("ip daddr 10.0.0.0/8"));
  test("ICMP keeps its type and code in the ports", () =>
    expect(match(rule("icmp", "10.0.0.0/8", 3, 4), "ingress")).toBe(
      "ip saddr 10.0.0.0/8 ip protocol icmp icmp type 3 icmp code 4",
    ));
  test("ICMP of -1 is every type", () =>
    expect(match(rule("icmp", "10.0.0.0/8", -1), "ingress")).toBe("ip saddr 10.0.0.0/8 ip protocol icmp"));
  test("an unknown protocol is refused by name", () =>
    expect(() => match(rule("gre", "10.0.0.0/8"), "ingress")).toThrow("unknown protocol gre"));
  test("a rule without a CIDR is refused: another group or a prefix list", () =>
    expect(() => match(rule("tcp", "", 1723), "ingress")).toThrow("names no IPv4 CIDR"));
});

describe("the ruleset", () => {
  test("closes one brace a line: nft refuses two on one", () =>
    expect(ruleset(topology(sampleFleet()))).not.toMatch(/\}[ \t]*\}/));
  test("replaces the table before it in the same transaction", () =>
    expect(ruleset(topology(sampleFleet()))).toMatch(/^table ip lab\ndelete table ip lab\ntable ip lab \{/));
  test("a server without rules lets nothing through", () => {
    const fleet = sampleFleet();
    fleet.machines[0]!.egress = [];
    expect(ruleset(topology(fleet))).toContain("chain egress_a_1 {\n    goto refuse\n  }");
  });
});
