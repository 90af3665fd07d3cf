import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { egress } from "../../../plan/tunnel/egress.ts";
import { contains, formatCidr, network, parseCidr } from "../../../settings/ipv4.ts";
import type { Settings } from "../../../settings/schema.ts";
import { givenSettings } from "../../shared/given.ts";

const planned = (set: Partial<Settings["egress"]> = {}, dns: string[] = []) =>
  egress({ egress: { ...givenSettings().egress, ...set }, dns }, { vpcCidr: "10.42.0.0/16" });

describe("what clients reach", () => {
  test.each([
    ["nat", ["0.0.0.0/0"]],
    ["routed", ["10.42.0.0/16"]],
    ["none", []],
  ] as const)("where mode is %s and no CIDR is named is %j", (mode, cidrs) => {
    expect(planned({ mode }).cidrs).toEqual(cidrs);
  });

  test("is what the config names, without what lies in another", () => {
    const cidrs = ["10.9.8.0/24", "10.9.0.0/16", "192.168.1.0/24", "10.9.8.7/32"];
    expect(planned({ cidrs }).cidrs).toEqual(["10.9.0.0/16", "192.168.1.0/24"]);
  });

  test("is the same with the contained CIDRs as without, and overlaps nowhere", () => {
    const cidr = fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 8, max: 20 }))
      .map(([byte, prefix]) => formatCidr(network(0x0a00_0000 + byte * 0x1_0000, prefix)));
    fc.assert(
      fc.property(fc.uniqueArray(cidr, { minLength: 1, maxLength: 50 }), (named) => {
        const kept = planned({ cidrs: named }).cidrs.map(parseCidr);
        for (const each of named.map(parseCidr)) {
          expect(kept.filter((outer) => contains(outer, each))).toHaveLength(1);
        }
        expect(kept.map(formatCidr).filter((each) => !named.includes(each))).toEqual([]);
      }),
    );
  });
});

describe("resolvers that clients are told", () => {
  test("are named where no CIDR has them", () => {
    const cidrs = ["10.9.0.0/16"];
    expect(planned({ cidrs }, ["9.9.9.9", "10.9.0.53"]).resolvers).toEqual(["9.9.9.9"]);
    expect(planned({ mode: "routed" }, ["10.42.0.2", "10.43.0.2"]).resolvers).toEqual(["10.43.0.2"]);
  });

  test("are not named where everything is reached", () => {
    expect(planned({}, ["9.9.9.9", "1.1.1.1"]).resolvers).toEqual([]);
  });
});
