import { describe, expect, test } from "vitest";
import { addressOf, assign, filtersOf, membersOf } from "../../../plan/front-door/elastic-ips.ts";
import { makePlan } from "../../../plan/plan.ts";
import { givenFacts, givenSettings } from "../../shared/given.ts";

const plan = (frontDoor: "nlb" | "eip", servers = 3, letters = "ab") =>
  makePlan(givenSettings({ frontDoor, servers }), givenFacts(letters), "dev").elasticIps;
const of = (allocationId: string, madeAs?: string) => ({
  ...{ allocationId, publicIp: "203.0.113.7" },
  ...(madeAs === undefined ? {} : { madeAs }),
});

describe("the addresses to dial", () => {
  test("are one a gateway with nlb, also of a zone without a server; and have their zones' first servers' names", () => {
    expect(plan("nlb", 1)).toEqual([
      { name: "a-1", machine: "gateway-a", members: ["a", "a-1"] },
      { name: "b-1", machine: "gateway-b", members: ["b", "b-1"] },
    ]);
  });

  test("are one a server with eip", () => {
    expect(plan("eip")).toEqual([
      { name: "a-1", machine: "a-1", members: ["a-1", "a"] },
      { name: "b-1", machine: "b-1", members: ["b-1", "b"] },
      { name: "a-2", machine: "a-2", members: ["a-2"] },
    ]);
  });

  test("are found by the machine and by the name", () => {
    expect(["gateway-a", "a-1", "a-2"].map(addressOf)).toEqual(["a-1", "a-1", "a-2"]);
    expect(["a-1", "a-12", "b-1"].map(membersOf)).toEqual([["a-1", "a"], ["a-12"], ["b-1", "b"]]);
  });
});

describe("what elasticIps names", () => {
  test("comes before what the stack makes; a zone's own member before its first server's", () => {
    const both = { a: of("eipalloc-1"), "a-1": of("eipalloc-2"), "a-2": of("eipalloc-3") };
    expect(assign(plan("nlb"), both)).toEqual({
      machines: { "gateway-a": { member: "a" }, "gateway-b": { name: "b-1" } },
      made: ["b-1"],
      kept: {},
      idle: ["a-1", "a-2"],
    });
    expect(assign(plan("eip"), both)).toMatchObject({
      machines: { "a-1": { member: "a-1" }, "b-1": { name: "b-1" }, "a-2": { member: "a-2" } },
      idle: ["a"],
    });
  });

  test("and what the stack has made once is kept, whoever has it", () => {
    const kept = { "a-2": of("eipalloc-3", "a-2"), b: of("eipalloc-4", "b-1") };
    expect(assign(plan("nlb"), kept)).toMatchObject({
      made: ["a-1"],
      kept: { "a-2": { allocationId: "eipalloc-3" }, "b-1": { allocationId: "eipalloc-4" } },
      idle: ["a-2"],
    });
  });
});

test("names are asked for by their machines' tags, as many at once as AWS takes", () => {
  expect(filtersOf(["a-1", "a-2"])).toEqual([
    { name: "tag:server", values: ["a-1", "a-2"] },
    { name: "tag:gateway", values: ["gateway-a"] },
  ]);
  const many = Array.from({ length: 401 }, (_, i) => `a-${i + 2}`);
  expect(filtersOf(many).map(({ values }) => values.length)).toEqual([200, 200, 1]);
  expect(filtersOf([])).toEqual([]);
});
