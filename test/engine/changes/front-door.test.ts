import { describe, expect, test } from "vitest";
import { cases } from "../cases/front-door.ts";
import { DOORS, holds, standing } from "../cases/run.ts";
import type { Stack } from "../fleet.ts";

holds(cases);

/** IDs by URN, of what a server is. */
function servers({ state }: Stack): Record<string, string> {
  const own = [...state.values()].filter(
    ({ urn, type }) => urn.includes("$pptp-fleet:server:Server$") && !type.endsWith(":EipAssociation"),
  );
  return Object.fromEntries(own.map(({ urn, id }) => [urn, id]));
}

describe.each(DOORS)("away from %s and back", (door) => {
  test("leaves the servers the very same, and none is ever without a default route", async () => {
    const other = door === "nlb" ? "eip" : "nlb";
    const stack = await standing({ frontDoor: door });
    const before = servers(stack);
    expect(Object.keys(before)).toHaveLength(4);
    for (const to of [other, door]) {
      const { done } = await stack.up({ frontDoor: to });
      expect(servers(stack)).toEqual(before);
      expect(done.filter((each) => / Route [ab]$/.test(each))).toEqual(["update Route a", "update Route b"]);
      // The new way out stands before the routes turn to it, the old one until they have.
      const turned = done.indexOf("update Route b");
      for (const each of done.filter((step) => / (Instance|EipAssociation) gateway-/.test(step))) {
        if (to === "nlb") expect(done.indexOf(each)).toBeLessThan(turned);
        else expect(done.indexOf(each)).toBeGreaterThan(turned);
      }
    }
  });
});
