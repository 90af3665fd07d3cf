import { expect, test } from "vitest";
import { cases } from "../cases/network.ts";
import { DOORS, holds, standing } from "../cases/run.ts";

holds(cases);

test.each(DOORS)("another network behind %s keeps the addresses to dial", async (door) => {
  const stack = await standing({ frontDoor: door });
  const before = (await stack.up()).result.outputs.dial;
  const { result, done } = await stack.up({ vpcCidr: "10.44.0.0/16" });
  expect(result.outputs.dial).toEqual(before);
  expect(done.at(-1)).toBe("delete Vpc");
});
