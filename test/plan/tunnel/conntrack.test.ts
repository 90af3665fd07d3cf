import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makePlan } from "../../../plan/plan.ts";
import { conntrack } from "../../../plan/tunnel/conntrack.ts";
import { facts } from "../../../settings/keys/facts.ts";
import { membersOf, type Settings } from "../../../settings/schema.ts";
import { givenFacts, givenSettings } from "../../shared/given.ts";

interface Changes {
  conntrack?: Partial<Settings["conntrack"]>;
  sessionsPerServer?: number;
}

function planned({ sessionsPerServer = 250, ...changes }: Changes = {}) {
  const defaults = givenSettings();
  return conntrack({ sessionsPerServer, conntrack: { ...defaults.conntrack, ...changes.conntrack } });
}

describe("connection tracking", () => {
  test("has room for 256 flows a session, and 4096 more", () => {
    expect(planned()).toMatchObject({ max: 68_096, buckets: 131_072 });
    expect(planned({ sessionsPerServer: 500 }).max).toBe(132_096);
  });

  test.each(["routed", "none"] as const)(
    "has as much with egress.mode %s: what a server has translated is there for days, and dials need room beside it",
    (mode) => {
      const given = givenSettings();
      const plan = (egress: Partial<Settings["egress"]>) =>
        makePlan({ ...given, egress: { ...given.egress, ...egress } }, givenFacts(), "dev").fleet.conntrack;
      expect(plan({ mode })).toEqual(plan({ mode: "nat" }));
    },
  );

  test("has as much room as the config says", () => {
    expect(planned({ conntrack: { max: 100_000 } })).toMatchObject({ max: 100_000, buckets: 131_072 });
  });

  test("has the fewest buckets that are a power of two and one for each entry", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4096, max: 4_194_304 }), (max) => {
        const { buckets } = planned({ conntrack: { max } });
        expect(buckets.toString(2)).toMatch(/^10*$/);
        expect(buckets).toBeGreaterThanOrEqual(max);
        expect(buckets / 2).toBeLessThan(max);
      }),
    );
  });

  test("knows untracked as another word for bypass", () => {
    expect(planned({ conntrack: { mode: "untracked" } })).toEqual(planned());
    expect(planned().mode).toBe("bypass");
  });

  test("reads PPTP's control connection where GRE is tracked, unless told not to", () => {
    expect(planned().helper).toBe(false);
    expect(planned({ conntrack: { mode: "track" } }).helper).toBe(true);
    expect(planned({ conntrack: { mode: "track", helper: false } }).helper).toBe(false);
  });

  test("keeps GRE as long as the kernel would, or as the config says", () => {
    const tracked = { mode: "track" } as const;
    expect(planned({ conntrack: tracked })).toMatchObject({ greTimeout: 30, greTimeoutStream: 180 });
    const longer = { ...tracked, greTimeout: 60, greTimeoutStream: 400 };
    expect(planned({ conntrack: longer })).toMatchObject({ greTimeout: 60, greTimeoutStream: 400 });
  });

  test("is told with what it takes for a member that is left out, as the plan takes it", () => {
    const told = (member: string) => facts.get(membersOf("conntrack")[member]!)!.description;
    const { helper, greTimeout, greTimeoutStream } = planned({ conntrack: { mode: "track" } });
    expect(told("helper")).toContain(`; ${helper} with track.`);
    expect(told("greTimeout")).toContain(`; ${greTimeout} with track.`);
    expect(told("greTimeoutStream")).toContain(`; ${greTimeoutStream} with track.`);
    const [none, one] = [0, 1].map((sessionsPerServer) => planned({ sessionsPerServer }).max) as [
      number,
      number,
    ];
    expect(told("max")).toContain(`unset: ${one - none} a session`);
    expect(told("max")).toContain(`and ${none} more`);
  });
});
