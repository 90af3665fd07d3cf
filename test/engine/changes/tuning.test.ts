import { expect, test } from "vitest";
import { INSTANCE } from "../../../graph/types.ts";
import { DOORS, holds, standing, withFormerBootstrap } from "../cases/run.ts";
import { cases } from "../cases/tuning.ts";
import { bundleUrns, serverUrn } from "./page.ts";

holds(cases);

test.each(DOORS)(
  "behind %s a bundle is there before the pointer says so, and the former one goes last",
  async (door) => {
    const stack = await standing({ frontDoor: door });
    const { done } = await stack.up({ pathMtu: 1400 });
    const objects = (verb: string, what: string, servers: string[]) =>
      servers.map((server) => `${verb} BucketObjectv2 ${server}-${what}`);
    expect(done).toEqual([
      ...objects("create", "bundle", ["a-1", "b-1"]),
      ...objects("update", "desired", ["a-1", "b-1"]),
      ...objects("delete", "bundle", ["b-1", "a-1"]),
    ]);
  },
);

test.each(DOORS)(
  "behind %s each server goes before its successor comes, and nothing else is touched, where the bootstrap is another",
  async (door) => {
    const stack = withFormerBootstrap(await standing({ frontDoor: door }), ["a-1", "b-1"]);
    const { done } = await stack.up();
    expect(done).toEqual([
      "delete Instance a-1",
      "create Instance a-1",
      "delete Instance b-1",
      "create Instance b-1",
    ]);
  },
);

test.each(DOORS)("a server's resources have the URNs that docs/changes.md names, behind %s", async (door) => {
  const { state } = await standing({ frontDoor: door });
  expect(state.get(serverUrn("dev", "a-1"))?.type).toBe(INSTANCE);
  expect(bundleUrns("dev", "a-1").map((urn) => state.get(urn)?.inputs.key)).toEqual([
    expect.stringMatching(/^machines\/a-1\/bundles\//),
    "machines/a-1/desired",
  ]);
});

test("a name's alarms follow the servers that they watch", async () => {
  const name = { dialName: "pptp.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
  const stack = withFormerBootstrap(await standing({ frontDoor: "eip", ...name }), ["a-1", "b-1"]);
  const { updated, replaced } = await stack.up();
  expect(replaced).toEqual(["Instance a-1", "Instance b-1"]);
  expect(updated).toEqual(
    ["HealthCheck", "MetricAlarm"].flatMap((type) =>
      ["a-1", "b-1"].map((server) => `${type} ${server}-server`),
    ),
  );
});
