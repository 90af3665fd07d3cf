import { expect, test } from "vitest";
import { INSTANCE } from "../../../graph/types.ts";
import { DOORS, holds, standing } from "../cases/run.ts";
import { cases } from "../cases/tuning.ts";
import { serverUrn } from "./page.ts";

holds(cases);

test.each(DOORS)(
  "behind %s each server goes before its successor comes, and nothing else is touched",
  async (door) => {
    const stack = await standing({ frontDoor: door });
    const { done } = await stack.up({ pathMtu: 1400 });
    expect(done).toEqual([
      "delete Instance a-1",
      "create Instance a-1",
      "delete Instance b-1",
      "create Instance b-1",
    ]);
  },
);

test.each(DOORS)("a server's instance has the URN that docs/changes.md names, behind %s", async (door) => {
  const { state } = await standing({ frontDoor: door });
  expect(state.get(serverUrn("dev", "a-1"))?.type).toBe(INSTANCE);
});

test("a name's alarms follow the servers that they watch", async () => {
  const stack = await standing({
    frontDoor: "eip",
    dialName: "pptp.example.com",
    hostedZoneId: "Z0123456789ABCDEFGHIJ",
  });
  const { updated, replaced } = await stack.up({ pathMtu: 1400 });
  expect(replaced).toEqual(["Instance a-1", "Instance b-1"]);
  expect(updated).toEqual(
    ["HealthCheck", "MetricAlarm"].flatMap((type) =>
      ["a-1", "b-1"].map((server) => `${type} ${server}-server`),
    ),
  );
});
