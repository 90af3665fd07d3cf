/** What of a machine itself is open to whom its group lets in for others: no more than these, and what the settings name. */
import { expect, test } from "vitest";
import { makePlan } from "../../plan/plan.ts";
import type { Settings } from "../../settings/schema.ts";
import { givenSettings, givenSite } from "../given.ts";

const EGRESS = givenSettings().egress;
const planned = (changes: Partial<Settings>, letters = "ab") =>
  makePlan(givenSettings({ frontDoor: "nlb", ...changes }), givenSite(letters), "dev");
const routed = (cidrs: string[] = []) => ({ egress: { ...EGRESS, mode: "routed" as const, cidrs } });

test("a server that clients are not reached through needs none", () => {
  expect(
    [planned({}), planned({ egress: { ...EGRESS, mode: "none" } })].map(({ fleet }) => fleet.services),
  ).toEqual([undefined, undefined]);
});

test("a server opens itself as its group does, as far as its clients are reached from there", () => {
  const changes = {
    ...routed(["10.9.0.0/16", "10.42.0.0/16"]),
    allowedCidrs: ["10.0.0.0/8", "198.51.100.0/24"],
    adminCidrs: ["10.9.7.0/24", "203.0.113.0/24"],
  };
  expect(planned(changes).fleet.services).toEqual({
    behind: ["10.9.0.0/16", "10.42.0.0/16"],
    control: ["10.9.0.0/16", "10.42.0.0/16"],
    ssh: ["10.9.7.0/24", "10.42.16.16/28", "10.42.48.16/28"],
    health: ["10.42.16.0/28", "10.42.48.0/28"],
  });
  expect(planned({ ...changes, frontDoor: "eip", adminCidrs: [] }).fleet.services).toMatchObject({
    ssh: [],
    health: [],
  });
});

test("who may dial or administer from elsewhere changes nothing of it, and a server more neither", () => {
  const before = planned({ ...routed(), adminCidrs: ["203.0.113.0/24"] });
  const after = planned({
    ...routed(),
    servers: 9,
    allowedCidrs: ["198.51.100.0/24", "10.9.0.0/16"],
    adminCidrs: ["203.0.113.0/24", "10.8.0.0/16"],
  });
  expect(after.fleet.services).toEqual(before.fleet.services);
  expect(after.gateways.map(({ services }) => services)).toEqual(
    before.gateways.map(({ services }) => services),
  );
});

test("a gateway opens itself to the VPC and to routed clients by the settings alone", () => {
  const [gateway] = planned({
    ...routed(),
    allowedCidrs: ["10.65.0.0/16"],
    adminCidrs: ["10.0.0.0/8"],
  }).gateways;
  expect(gateway!.services).toEqual({
    behind: ["10.42.0.0/16", "10.64.0.0/14"],
    control: ["10.65.0.0/16"],
    ssh: ["10.42.0.0/16", "10.64.0.0/14"],
    health: [],
  });
});
