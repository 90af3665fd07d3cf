/** What becomes of a call through a balancer's node that is quiet, or whose target is not well any more. */

import { beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "../../../../lab/host/wait.ts";
import { ADDRESS, GATEWAY_PUBLIC, withListener } from "./sample-vpc.ts";
import { becomes, CLIENT, during, type Held, hold, sharedTestbed } from "./shared-testbed.ts";
import { healthIs, says } from "./targets.ts";

const [A1, A2] = [ADDRESS["a-1"], ADDRESS["a-2"]];

beforeAll(async () => {
  await sharedTestbed();
  await healthIs({ "a-1": "healthy", "a-2": "healthy" });
});

/** A call of the client's to one of the targets. */
async function callTo(name: "a-1" | "a-2", speaker?: "caller" | "server"): Promise<Held> {
  const { network } = await sharedTestbed();
  await network.stick(CLIENT, ADDRESS[name]);
  const held = await hold("client", GATEWAY_PUBLIC, speaker);
  expect(held.told).toBe(`${name} ${CLIENT}`);
  return held;
}

/** How many calls to a target the node remembers. */
async function remembered(target: string): Promise<number> {
  const { guest } = await sharedTestbed();
  const flows = await guest.agent.sh(
    `ip netns exec balancer-a conntrack -L -p tcp --orig-src ${CLIENT} --reply-src ${target} --state ESTABLISHED 2>/dev/null`,
  );
  return flows.split("\n").filter(Boolean).length;
}

async function forgets(target: string, left: number): Promise<void> {
  let seen = 0;
  const probe = async () => {
    seen = await remembered(target);
    return seen === left;
  };
  await waitUntil(`a node that knows ${left} calls to ${target}`, probe, {
    ...{ timeoutMs: 120_000, everyMs: 200, evidence: () => `it knows ${seen}` },
  });
}

describe("a quiet call", () => {
  const SHORT = withListener({ idleTimeout: 3 });

  test.each(["caller", "server"] as const)(
    "is forgotten after the idle timeout, and the %s, who speaks next, gets a reset; another lives on",
    async (speaker) => {
      const before = await remembered(A1);
      const long = await callTo("a-1");
      const short = await during([SHORT], () => callTo("a-1", speaker));
      await forgets(A1, before + 1);
      expect(await short.speaks()).toBe("reset");
      expect(await long.speaks()).toBe("alive");
    },
  );
});

describe("a target that turns unhealthy", () => {
  async function unwell(work: () => Promise<void>): Promise<void> {
    try {
      await says("a-1", 503);
      await healthIs({ "a-1": "unhealthy", "a-2": "healthy" });
      await work();
    } finally {
      await says("a-1", 200);
      await becomes();
      await healthIs({ "a-1": "healthy" });
    }
  }

  test("keeps its calls where the group does not end them", async () => {
    const held = await callTo("a-1");
    await unwell(async () => expect(await held.speaks()).toBe("alive"));
  });

  test("loses them by a reset where the group ends them; another target's live on", async () => {
    await becomes(withListener({ terminateUnhealthy: true }));
    const [lost, kept] = [await callTo("a-1"), await callTo("a-2")];
    const others = await remembered(A2);
    await unwell(async () => {
      await forgets(A1, 0);
      expect(await remembered(A2)).toBe(others);
      expect(await lost.speaks()).toBe("reset");
      expect(await kept.speaks()).toBe("alive");
    });
  });
});
