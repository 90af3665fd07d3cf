import { describe, expect, test } from "vitest";
import { CARVED, NAMED, PUBLIC, ROUTED } from "../../shared/existing-vpc.ts";
import { cases } from "../cases/existing-vpc.ts";
import { holds, standing } from "../cases/run.ts";

holds(cases);

describe.each([
  ["nlb in CIDRs of the VPC", { ...CARVED, ...ROUTED }],
  ["nlb in subnets that exist", { ...NAMED, ...ROUTED }],
  ["eip in CIDRs of the VPC", { ...CARVED, frontDoor: "eip" }],
  ["eip in subnets that exist", PUBLIC],
])("%s", (_, config) => {
  test("stands after one update, with nothing left to do, and goes whole; the VPC's own is not among it", async () => {
    const stack = await standing(config);
    expect((await stack.up()).done).toEqual([]);
    const made = [...stack.state.values()].map(({ type }) => type);
    for (const type of ["Vpc", "InternetGateway", "DefaultSecurityGroup"])
      expect(made.filter((each) => each.endsWith(`:${type}`))).toEqual([]);
    expect((await stack.destroy()).refusals).toEqual([]);
    expect([stack.state.size, stack.account.standing.size]).toEqual([0, 0]);
  });

  test("a preview of it says what the update then does", async () => {
    const stack = await standing(config);
    const change = { servers: 3, allowedCidrs: ["198.51.100.0/24", "203.0.113.0/24"] };
    const [said, did] = [await stack.preview(change), await stack.up(change)];
    expect([said.created, said.updated, said.deleted]).toEqual([did.created, did.updated, did.deleted]);
    expect([did.replaced, did.deleted, did.refusals]).toEqual([[], [], []]);
  });
});
