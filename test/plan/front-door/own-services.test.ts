/** What of a machine itself is open to whom its group lets in for others: no more than these, and what the settings name. */
import { expect, test } from "vitest";
import type { Zone } from "../../../plan/place/aws-facts.ts";
import { makePlan } from "../../../plan/plan.ts";
import type { Settings } from "../../../settings/schema.ts";
import { givenFacts, givenSettings } from "../../shared/given.ts";

const EGRESS = givenSettings().egress;
const planned = (changes: Partial<Settings>, letters = "ab") =>
  makePlan(givenSettings({ frontDoor: "nlb", ...changes }), givenFacts(letters), "dev");
/** The /28 at this place of the second half of each zone's block, a to h. */
const everyZone = (last: number) =>
  Array.from({ length: 8 }, (_, zone) => `10.42.${zone * 32 + 16}.${last}/28`);
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
    ssh: ["10.9.7.0/24", ...everyZone(16)],
    health: everyZone(0),
  });
  expect(planned({ ...changes, adminCidrs: [] }).fleet.services).toMatchObject({ ssh: [] });
  expect(planned({ ...changes, ...routed(["10.9.0.0/16"]) }).fleet.services).toMatchObject({ health: [] });
});

test("a zone more and another front door change nothing of a server", () => {
  const changes = { ...routed(), adminCidrs: ["10.42.0.0/16"] };
  const before = planned(changes).fleet.services;
  expect(planned(changes, "abc").fleet.services).toEqual(before);
  expect(planned({ ...changes, frontDoor: "eip" }).fleet.services).toEqual(before);
});

test("in a VPC that exists a server knows the subnets that are there", () => {
  const { zones, ...facts } = givenFacts("ab");
  const front = { gateway: { cidr: "10.42.0.128/28" }, balancer: { cidr: "10.42.0.144/28" } };
  const services = (placed: Zone[]) =>
    makePlan(
      givenSettings({ ...routed(), adminCidrs: ["203.0.113.0/24"] }),
      { ...facts, vpcId: "vpc-0123456789abcdef0", zones: placed },
      "dev",
    ).fleet.services;
  expect(services(zones)).toMatchObject({ ssh: [], health: [] });
  expect(services([{ ...zones[0]!, front }])).toMatchObject({
    ssh: ["10.42.0.128/28"],
    health: ["10.42.0.144/28"],
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
