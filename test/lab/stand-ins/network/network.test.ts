import { expect, test } from "vitest";
import { buildNetwork, parseCounters } from "../../../../lab/network/network.ts";
import { sampleFleet } from "../sample-fleet.ts";

test("counters are read by name", () => {
  const counter = { family: "ip", name: "gre_in", table: "lab", handle: 2, packets: 3, bytes: 120 };
  expect(parseCounters(JSON.stringify({ nftables: [{ metainfo: {} }, { counter }] }))).toEqual({
    gre_in: { packets: 3, bytes: 120 },
  });
});

test("nothing is built outside the lab's namespaces", () => {
  const inside = process.env.PPTP_FLEET_LAB;
  delete process.env.PPTP_FLEET_LAB;
  try {
    expect(() => buildNetwork(sampleFleet(), "/dev/null")).toThrow("inside `node lab/enter.ts -- …` only");
  } finally {
    if (inside !== undefined) process.env.PPTP_FLEET_LAB = inside;
  }
});
