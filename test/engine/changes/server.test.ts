import { describe, expect, test } from "vitest";
import { DOORS, holds, standing } from "../cases/run.ts";
import { cases } from "../cases/server.ts";
import { shown } from "../pulumi/wire.ts";

holds(cases);

describe.each(DOORS)("one server more and one less again, behind %s", (door) => {
  test("leaves the fleet as it was, each resource the very same", async () => {
    const stack = await standing({ frontDoor: door });
    const before = [...stack.state.values()].map(({ urn, id, inputs }) => [urn, id, shown(inputs)]);
    await stack.up({ servers: 3 });
    await stack.up({ servers: 2 });
    const after = [...stack.state.values()].map(({ urn, id, inputs }) => [urn, id, shown(inputs)]);
    expect(Object.fromEntries(after.map(([urn, ...rest]) => [urn, rest]))).toEqual(
      Object.fromEntries(before.map(([urn, ...rest]) => [urn, rest])),
    );
  });

  test("takes the server out of the balancer and off its interface in this order", async () => {
    const stack = await standing({ frontDoor: door, servers: 3 });
    const { done } = await stack.up({ servers: 2 });
    expect(done).toEqual(
      door === "nlb"
        ? ["delete TargetGroupAttachment a-2", "delete Instance a-2", "delete NetworkInterface a-2"]
        : [
            "delete Instance a-2",
            "delete EipAssociation a-2",
            "delete Eip a-2",
            "delete NetworkInterface a-2",
          ],
    );
  });
});

test("behind eip a server that comes back has another address: AWS gives the old one away", async () => {
  const stack = await standing({ frontDoor: "eip", servers: 3 });
  const address = () =>
    [...stack.state.values()].find(({ type, name }) => type.endsWith(":Eip") && name.endsWith("a-2"))?.outputs
      .publicIp;
  const first = address();
  await stack.up({ servers: 2 });
  await stack.up({ servers: 3 });
  expect(address()).toMatch(/^198\.18\./);
  expect(address()).not.toBe(first);
});
