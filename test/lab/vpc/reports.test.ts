/** What the machines fetch from the stack's bucket, and what they report to it, in a fleet that nobody changes. */

import { describe, expect, test } from "vitest";
import { waitUntil } from "../../../lab/host/wait.ts";
import { desiredKey, statusKey } from "../../../plan/bucket.ts";
import { sharedVpc } from "../shared/vpc.ts";

const MACHINES = ["a-1", "a-2", "b-1", "gateway-a", "gateway-b"];

describe("each machine", () => {
  test.each(MACHINES)("%s reports that it is what its bundle says", async (name) => {
    const { host, machines } = await sharedVpc();
    const read = async (key: string) => JSON.parse(`${(await host.s3.get(key)) ?? "{}"}`);
    await waitUntil(`${name}: its report`, async () => (await read(statusKey(name))).result === "applied", {
      ...{ timeoutMs: 180_000, everyMs: 2_000 },
      evidence: () => machines[name]!.agent.sh("journalctl -b -q -o cat -n 20 -u pptp-fleet-apply"),
    });
    const { version } = await read(desiredKey(name));
    const status = await read(statusKey(name));
    expect(status).toMatchObject({ version, good: version });
    expect(JSON.parse(await machines[name]!.agent.sh("cat /var/lib/pptp-fleet/status.json")).version).toBe(
      version,
    );
  });

  test("looks once a minute, and is told that nothing has changed", async () => {
    const { host, machines } = await sharedVpc();
    const timers = (verb: string) =>
      Promise.all(
        MACHINES.map((name) => machines[name]!.agent.sh(`systemctl ${verb} pptp-fleet-apply.timer`)),
      );
    const before = host.s3.requests.length;
    await timers("start");
    const unchanged = (name: string) =>
      host.s3.requests.slice(before).filter(({ machine, status }) => machine === name && status === 304)
        .length;
    await waitUntil("a look of each machine", async () => MACHINES.every((name) => unchanged(name) > 0), {
      ...{ timeoutMs: 180_000, everyMs: 2_000 },
    });
    await timers("stop");
    const wrong = host.s3.requests.filter(({ status }) => status >= 400);
    expect(wrong).toEqual([]);
  });
});
