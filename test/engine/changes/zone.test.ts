import { describe, expect, test } from "vitest";
import { DOORS, holds, standing } from "../cases/run.ts";
import { cases } from "../cases/zone.ts";

holds(cases);

const THREE = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];

describe.each(DOORS)("behind %s", (door) => {
  test("zones named are the same as the region's first two", async () => {
    const stack = await standing({ frontDoor: door });
    const { same, done } = await stack.up({ zones: THREE.slice(0, 2) });
    expect(done).toEqual([]);
    expect(same).toHaveLength(stack.state.size);
  });

  test("a preview of a third zone says what the update then does", async () => {
    const stack = await standing({ frontDoor: door });
    const config = { zones: THREE, servers: 3 };
    const [said, did] = [await stack.preview(config), await stack.up(config)];
    expect([said.created, said.updated, said.replaced, said.deleted]).toEqual([
      did.created,
      did.updated,
      did.replaced,
      did.deleted,
    ]);
  });
});

test("a zone less: the listener goes with the old balancer and comes with the new one, before the zone goes", async () => {
  const stack = await standing({ servers: 3, zones: THREE });
  const { done } = await stack.up({ servers: 2, zones: THREE.slice(0, 2) });
  expect(done.slice(0, 5)).toEqual([
    "update VpcEndpoint s3",
    "delete Listener",
    "delete LoadBalancer",
    "create LoadBalancer",
    "create Listener",
  ]);
  expect(done.slice(5).every((each) => each.startsWith("delete "))).toBe(true);
});
