/**
 * A balancer's health checks, against pages whose answers follow a pattern for ever: what a check makes of it is a state
 * that stays, and says nothing of how fast the machine is that runs this.
 */

import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Eni, HealthCheck } from "../../../../lab/vpc/vpc.ts";
import { rule } from "../sample-fleet.ts";
import { ADDRESS, type Change, LISTENER, type Name, withEni, withListener } from "./sample-vpc.ts";
import { becomes, counted, during, sharedTestbed } from "./shared-testbed.ts";
import { checks, healthIs, nextChecks, says } from "./targets.ts";

const NODE = ADDRESS["balancer-a"];
const checked = (healthCheck: Partial<HealthCheck>) => withListener({ healthCheck });

/** One check, and then none for an hour. */
const HOURLY = checked({ interval: 3600, healthyThreshold: 10 });
/** a-2 is checked often, for another listener. */
const OFTEN: Change = (vpc) => ({
  ...vpc,
  nodes: vpc.nodes.map((node) => ({
    ...node,
    listeners: [...node.listeners, { ...LISTENER, port: 1724, targets: [LISTENER.targets[1]!] }],
  })),
});

const well = () => healthIs({ "a-1": "healthy", "a-2": "healthy" });
beforeAll(async () => {
  await sharedTestbed();
  await well();
});
afterEach(async () => {
  for (const name of ["a-1", "a-2", "b-1"] as const) await says(name, 200);
  await well();
});

/** What a-1 is after a whole round of the pattern and more. */
async function stays(state: "healthy" | "unhealthy", rounds: number): Promise<void> {
  await nextChecks("a-1", rounds);
  await healthIs({ "a-1": state, "a-2": "healthy" });
  await nextChecks("a-1", rounds);
  const { network } = await sharedTestbed();
  expect((await network.health("balancer-a"))[`${ADDRESS["a-1"]}:1723`]).toBe(state);
}

describe("a check", () => {
  test("comes from the node's own address, for the path", async () => {
    expect(await nextChecks("a-1", 2)).toEqual(
      Array(2).fill({ name: "a-1", from: NODE, path: "/", status: "200" }),
    );
  });

  const calls = rule("tcp", "0.0.0.0/0", 1723);
  test.each<[string, Name, Partial<Eni>]>([
    ["the target's", "a-1", { ingress: [calls] }],
    ["the node's", "balancer-a", { egress: [calls, rule("tcp", `${ADDRESS["a-2"]}/32`, 8723)] }],
  ])("passes %s group: without a rule there it fails, and is counted there", async (_, name, rules) =>
    during([checked({ timeout: 1 }), withEni(name, rules)], async () => {
      const counts = await counted(name, () => healthIs({ "a-1": "unhealthy", "a-2": "healthy" }));
      expect(counts.refused).toBeGreaterThanOrEqual(LISTENER.healthCheck.unhealthyThreshold);
    }),
  );

  test("by TCP asks for a connection, whatever the page says", async () => {
    await during([checked({ protocol: "TCP" })], async () => {
      await says("a-1", 503);
      await stays("healthy", 3);
    });
    await healthIs({ "a-1": "unhealthy" });
  });

  test.each<[string, Partial<HealthCheck>]>([
    ["port, where nobody listens on it", { port: 8724 }],
    ["port, where it is the target's own and no page", { port: 0 }],
    ["path, where the page is not there", { path: "/other" }],
    ["matcher, where it names another status", { matcher: "201-299,404" }],
  ])("heeds its %s", async (_, change) => {
    // So that a check of what says nothing ends.
    await during([checked({ timeout: 1, ...change })], () =>
      healthIs({ "a-1": "unhealthy", "a-2": "unhealthy" }),
    );
  });

  test("heeds its matcher: a status in a range of it passes", async () => {
    await becomes(checked({ matcher: "200,500-599" }));
    try {
      await says("a-1", 503);
      await stays("healthy", 3);
    } finally {
      await says("a-1", 200);
      await becomes();
    }
  });

  test("heeds its timeout: a page that takes three seconds fails after one, and passes in twenty", async () => {
    await says("a-1", "slow");
    await during([checked({ timeout: 1 })], () => healthIs({ "a-1": "unhealthy", "a-2": "healthy" }));
    await healthIs({ "a-1": "healthy" });
  });

  test("heeds its interval: where it is an hour none comes, while others come often", () =>
    during([HOURLY, OFTEN], async () => {
      await nextChecks("a-2", 6);
      const before = await checks("a-1");
      await nextChecks("a-2", 6);
      expect(await checks("a-1")).toEqual(before);
    }));
});

describe("thresholds count checks in a row:", () => {
  const THREE = checked({ unhealthyThreshold: 3, healthyThreshold: 3 });

  test("two bad ones of three needed leave a target healthy for ever, three make it unhealthy", () =>
    during([THREE], async () => {
      await says("a-1", 503, 503, 200);
      await stays("healthy", 7);
      await says("a-1", 503, 503, 503, 200);
      await stays("unhealthy", 9);
    }));

  test("two good ones of three needed leave it unhealthy for ever, three make it healthy", () =>
    during([THREE], async () => {
      await says("a-1", 503);
      await healthIs({ "a-1": "unhealthy" });
      await says("a-1", 200, 200, 503);
      await stays("unhealthy", 7);
      await says("a-1", 200, 200, 200, 503);
      await stays("healthy", 9);
    }));
});

describe("a target that is new", () => {
  const target = { address: ADDRESS["b-1"], port: 1723 };
  const NEW = withListener({ targets: [...LISTENER.targets, target] });
  const state = async () =>
    (await (await sharedTestbed()).network.health("balancer-a"))[`${target.address}:1723`];

  test("is healthy by one good check, whatever the threshold is", async () => {
    await says("b-1", 200);
    await during([NEW, HOURLY], () => healthIs({ "b-1": "healthy" }));
  });

  test("is neither by one bad check of two; and one that comes back is a new one", async () => {
    await says("b-1", 200);
    await during([NEW], () => healthIs({ "b-1": "healthy" }));
    await nextChecks("a-2", 3);
    await says("b-1", 503);
    const before = (await checks("b-1")).length;
    await during([NEW, HOURLY, OFTEN], async () => {
      await nextChecks("b-1", 1, before);
      await nextChecks("a-2", 6);
      expect(await state()).toBe("initial");
    });
  });
});
