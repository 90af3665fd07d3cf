import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deal } from "../../../plan/place/identity.ts";

const zones = fc
  .uniqueArray(fc.constantFrom(..."abcdefgh"), { minLength: 1, maxLength: 8 })
  .map((letters) => letters.map((letter) => `eu-west-1${letter}`));

describe("servers dealt to zones", () => {
  test("go to the zones in turn", () => {
    const names = deal(5, ["eu-west-1a", "eu-west-1c"]).map((identity) => identity.name);
    expect(names).toEqual(["a-1", "c-1", "a-2", "c-2", "a-3"]);
  });

  test("a fleet of N is a part of a fleet of N + 1", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), zones, (n, zones) => {
        expect(deal(n + 1, zones).slice(0, n)).toEqual(deal(n, zones));
      }),
    );
  });

  test("a zone more moves no server that stays: the same name is the same identity", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), zones, (n, zones) => {
        const before = new Map(deal(n, zones).map((each) => [each.name, each]));
        for (const after of deal(n, [...zones, "eu-west-1z"])) {
          if (before.has(after.name)) expect(after).toEqual(before.get(after.name));
        }
      }),
    );
  });
});
