import { expect, test } from "vitest";
import { ownAddressMistakes } from "../../plan/own-addresses.ts";
import { makePlan } from "../../plan/plan.ts";
import type { Settings } from "../../settings/schema.ts";
import { givenFacts, givenSettings } from "../shared/given.ts";

function told(changes: Partial<Settings>) {
  const settings = givenSettings({ servers: 3, ...changes });
  return ownAddressMistakes(settings, makePlan(settings, givenFacts(), "dev"));
}

test("a resolver at a server's own address is refused with the server's name", () => {
  expect(told({ dns: ["9.9.9.9", "10.42.32.4"] })).toEqual([
    {
      key: "dns[1]",
      value: '"10.42.32.4"',
      allowed:
        "resolvers that are no machines of the fleet; 10.42.32.4 is b-1's own, which answers nobody's questions",
      fix: "pulumi config rm --path 'pptp-fleet:dns[1]', or the address of one that does",
    },
  ]);
});

test.each<[string, string, RegExp]>([
  ["10.42.0.5", "nlb", /is a-2's own/],
  ["10.42.0.6", "nlb", /is kept for server 3 of eu-west-1a/],
  ["10.42.0.65", "nlb", /is kept for server 62 of eu-west-1a/],
  ["10.42.16.20", "nlb", /is in gateway-a's subnet, 10\.42\.16\.16\/28/],
  ["10.42.48.4", "nlb", /is in the balancer's subnet, 10\.42\.48\.0\/28/],
  ["10.42.0.5", "eip", /is a-2's own/],
])("%s is the fleet's behind %s", (address, frontDoor, why) => {
  const door = { frontDoor: frontDoor as Settings["frontDoor"] };
  expect(told({ ...door, dns: [address] })).toMatchObject([
    { key: "dns[0]", allowed: expect.stringMatching(why) },
  ]);
  const { ppp } = givenSettings();
  expect(told({ ...door, ppp: { ...ppp, wins: [address] } })).toMatchObject([
    { key: "ppp.wins[0]", allowed: expect.stringMatching(/^WINS servers/) },
  ]);
});

test("the VPC's own resolver and whatever else stands in it is allowed", () => {
  expect(told({ dns: ["10.42.0.2", "10.42.0.66"] })).toEqual([]);
  expect(told({ dns: ["10.42.0.6", "10.42.16.20"], frontDoor: "eip" })).toEqual([]);
});
