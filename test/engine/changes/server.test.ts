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
      [
        ...(door === "nlb" ? ["TargetGroupAttachment a-2"] : []),
        ...["Instance a-2", "BucketObjectv2 a-2-desired", "BucketObjectv2 a-2-bundle"],
        ...(door === "eip" ? ["EipAssociation a-2", "Eip a-2"] : []),
        ...["NetworkInterface a-2", "InstanceProfile a-2", "RolePolicy a-2", "Role a-2"],
      ].map((each) => `delete ${each}`),
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
