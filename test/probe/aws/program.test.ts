/** The probe asks of AWS what the program makes, and no more: what `pulumi up` leaves behind has no fault. */
import { describe, expect, test } from "vitest";
import { judge } from "../../../probe/aws/faults.ts";
import { run } from "../../program/run.ts";
import { inventoryOf } from "./from-program.ts";

const KNOWN = { from: "198.51.100.9" };

describe.each(["nlb", "eip"])("frontDoor %s", (frontDoor) => {
  test.each([
    ["as it comes", {}],
    ["one server", { servers: 1 }],
    ["clients routed", { egress: { mode: "routed", cidrs: ["10.20.0.0/16"] } }],
    ["clients to nowhere", { egress: { mode: "none" } }],
  ])("%s", async (_what, config) => {
    const inventory = inventoryOf(await run({ frontDoor, ...config }));
    expect(inventory.machines.filter(({ role }) => role === "server").length).toBeGreaterThan(0);
    expect(judge(inventory, KNOWN)).toEqual([]);
  });

  test("a client from elsewhere is told that it may not dial", async () => {
    const faults = judge(inventoryOf(await run({ frontDoor })), { from: "192.0.2.1" });
    expect(faults.map(({ id }) => id)).toContain("rule-servers-in-47");
  });
});
