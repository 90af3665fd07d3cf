/**
 * A control connection that is quiet for longer than the balancer remembers it, and what keeps one from being so. Its
 * tunnel carries LCP's echoes all the while: GRE does not pass the balancer.
 *
 * A connection keeps the limit of its last packet. So each is made under one of its own: longer than PPTP's echo takes
 * to speak (60 s of quiet, fixed in both ends), and shorter than AWS would take it, for an echo that comes too late.
 */

import { beforeAll, expect, test } from "vitest";
import { LISTENER } from "../../../graph/types.ts";
import { pptpSaid } from "../../../lab/client/dial.ts";
import { ping } from "../../../lab/client/measure.ts";
import { waitUntil } from "../../../lab/host/wait.ts";
import { alive } from "../shared/traffic.ts";
import { A1, changed, mutated, quiet, sharedVpc, targetHealth, tunnelUp } from "../shared/vpc.ts";

const idleAfter = (seconds: number) =>
  changed(
    LISTENER,
    () => true,
    () => ({ tcpIdleTimeoutSeconds: seconds }),
  );
/** More than an echo's quiet, less than two. */
const BETWEEN = 90;
const TOO_SHORT = 20;

beforeAll(async () => {
  await sharedVpc();
  await targetHealth("a", { [`${A1}:1723`]: "healthy" });
});

/** The control connection of `client` as zone a's node knows it: its port, and the seconds until it is forgotten. */
async function known(): Promise<{ port: string; left: number }> {
  const { guest, where } = await sharedVpc();
  const flows = await guest.agent.sh(
    `ip netns exec balancer-a conntrack -L -p tcp --orig-src ${where.client} 2>/dev/null`,
  );
  const [flow, ...others] = flows.matchAll(/ (\d+) ESTABLISHED src=\S+ dst=\S+ sport=(\d+)/g);
  if (!flow || others.length > 0) throw new Error(`not one control connection:\n${flows}`);
  return { port: flow[2]!, left: Number(flow[1]) };
}

test("a quiet tunnel outlives the balancer's limit by PPTP's echo, and ends by a reset where that comes too late", async () => {
  const { clients, guest, where } = await sharedVpc();
  await quiet();
  // What a test before this one has cut off stays known until it is forgotten.
  await guest.agent.sh(
    `ip netns exec balancer-a conntrack -D -p tcp --orig-src ${where.client} 2>/dev/null || true`,
  );
  const late = await mutated([idleAfter(TOO_SHORT)], () => tunnelUp({ from: "behind-1" }));
  const tunnel = await mutated([idleAfter(BETWEEN)], () => tunnelUp());
  try {
    const { port, left } = await known();
    expect(left).toBeLessThanOrEqual(BETWEEN);
    // Its next packet brings the program's own limit.
    await waitUntil("an echo", async () => (await known()).left > BETWEEN, {
      ...{ timeoutMs: 120_000, everyMs: 2_000 },
    });
    await waitUntil("the end of the one that is late", async () => !(await alive("behind-1")), {
      ...{ timeoutMs: 120_000, everyMs: 2_000 },
    });
    expect(await clients["behind-1"].sh(pptpSaid("pptp-dial-behind-1"))).toContain(
      "Connection reset by peer",
    );
    expect((await known()).port).toBe(port);
    expect((await ping(clients.client, tunnel.remote, 5)).received).toBe(5);
  } finally {
    await late.hangUp();
    await tunnel.hangUp();
  }
});
