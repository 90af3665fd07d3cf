import { describe, expect, test } from "vitest";
import { limits } from "../../../plan/tunnel/limits.ts";
import type { Settings } from "../../../settings/schema.ts";
import { givenSettings } from "../../shared/given.ts";

const planned = (set: Partial<Settings["limits"]> = {}, sessionsPerServer = 250) =>
  limits({ limits: { ...givenSettings().limits, ...set }, sessionsPerServer });

describe("limits", () => {
  test("let one address have as many connections as a server has sessions, or as the config says", () => {
    expect(planned().connectionsPerSource).toBe(250);
    expect(planned({}, 40).connectionsPerSource).toBe(40);
    expect(planned({ connectionsPerSource: 12 }).connectionsPerSource).toBe(12);
  });

  test("count a silent connection until pptpd has given up what was before it: one in hand, three that wait", () => {
    expect(planned().halfOpenTimeout).toBe(20);
    expect(planned({ initialPacketTimeout: 7 }).halfOpenTimeout).toBe(28);
  });

  test("of dials and silent connections are the config's", () => {
    const set = { dialsPerSecond: 3, dialBurst: 9, halfOpenPerSource: 5, halfOpen: 77 };
    expect(planned(set)).toMatchObject(set);
  });
});
