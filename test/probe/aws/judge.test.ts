/** A sound fleet has no fault; each thing that is changed in it has exactly its own. */
import { describe, expect, test } from "vitest";
import { faultsFirst, judge } from "../../../probe/aws/faults.ts";
import type { Inventory } from "../../../probe/aws/inventory.ts";
import {
  after,
  CLIENTS,
  is,
  machine,
  soundFleet,
  soundFleetOfEip,
  table,
  targets,
  without,
} from "./fleet-on-aws.ts";
import { MUTATIONS } from "./mutations.ts";

/** `id@leg` of each fault. */
const idsOf = (fleet: Inventory, known = {}) =>
  judge(fleet, known).map(({ id, leg }) => (leg === undefined ? id : `${id}@${leg}`));

describe("a sound fleet has no fault", () => {
  test.each([
    ["nlb", soundFleet()],
    ["eip", soundFleetOfEip()],
  ])("%s", (_door, fleet) => {
    expect(judge(fleet, { from: "203.0.113.9", dialled: "198.51.100.1" })).toEqual([]);
  });
});

describe("each change has its fault, and no other", () => {
  test.each(MUTATIONS)("%s", (_what, faults, change) => {
    expect(idsOf(after(change), { from: "203.0.113.9", dialled: "198.51.100.1" })).toEqual(faults);
  });
});

describe("with an Elastic IP for each server", () => {
  test.each<[string, string[], (fleet: Inventory) => void]>([
    ["no address", ["address-off@tcp"], (f) => void f.addresses.pop()],
    [
      "default route gone",
      ["no-default-route@tcp"],
      (f) => void delete table(f, "rtb-servers-a").defaultRoute,
    ],
    ["47 in", ["rule-servers-in-47@greOut"], (f) => without(f, "sg-servers", is("in", "47"))],
  ])("%s", (_what, faults, change) => {
    expect(idsOf(after(change, soundFleetOfEip()))).toEqual(faults);
  });

  test("a stack that has nothing says that, once", () => {
    const nothing = { stack: "prod", machines: [], addresses: [], groups: [], subnets: [], routeTables: [] };
    expect(judge(nothing).map(({ id }) => id)).toEqual(["none"]);
  });
});

describe("rules that are not written as the fleet writes them", () => {
  test("all protocols count for 47 and for 1723", () => {
    const open = after((f) => {
      without(f, "sg-servers", ({ direction }) => direction === "in");
      f.groups[0]!.rules.push({ direction: "in", protocol: "-1", cidrs: ["0.0.0.0/0"] });
    });
    expect(judge(open)).toEqual([]);
  });

  test("the client's own address must be in them, where it is known", () => {
    expect(judge(soundFleet())).toEqual([]);
    const ids = idsOf(soundFleet(), { from: "198.18.0.1" });
    expect(ids.toSorted()).toEqual([
      "rule-balancer-in-tcp-1723@tcp",
      "rule-gateways-in-47@greOut",
      "rule-gateways-in-tcp-1723@tcp",
      "rule-gateways-out-47@greBack",
      "rule-servers-in-47@greOut",
      "rule-servers-in-tcp-1723@tcp",
      "rule-servers-out-47@greBack",
    ]);
  });

  test("a range of ports that holds 1723 counts, one that does not does not", () => {
    const ranged = (from: number, to: number) =>
      after((f) => {
        without(f, "sg-servers", is("in", "tcp", 1723));
        f.groups[0]!.rules.push({ direction: "in", protocol: "tcp", ports: [from, to], cidrs: [CLIENTS] });
      });
    expect(idsOf(ranged(1000, 2000))).toEqual([]);
    expect(idsOf(ranged(1724, 2000))).toEqual(["rule-servers-in-tcp-1723@tcp"]);
  });
});

test("first stands what breaks the leg that failed; GRE out and GRE back count as one", () => {
  const fleet = after((f) => {
    targets(f).attributes["stickiness.enabled"] = "false";
    machine(f, "gateway-a").sourceDestCheck = true;
    delete table(f, "rtb-servers-a").defaultRoute;
  });
  const order = (failed: "tcp" | "greOut") => faultsFirst(fleet, { failed }).map(({ id }) => id);
  expect(order("greOut")).toEqual(["no-default-route", "source-dest-check", "stickiness"]);
  expect(order("tcp")).toEqual(["source-dest-check", "no-default-route", "stickiness"]);
});
