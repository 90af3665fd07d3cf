/** What is lost with a machine, and where its clients end up. */

import { beforeAll, describe, expect, test } from "vitest";
import { dial } from "../../../lab/client/dial.ts";
import { used } from "../shared/traffic.ts";
import { A1, A2, boots, dialled, NAME, serverOf, sharedVpc, targetHealth, tunnelUp } from "../shared/vpc.ts";

beforeAll(async () => {
  await sharedVpc();
  await targetHealth("a", { [`${A1}:1723`]: "healthy", [`${A2}:1723`]: "healthy" });
});

describe("a zone's gateway that reboots", () => {
  test("takes its address out of the name's answer, clients reach the other zone, and its sessions live on", async () => {
    const lab = await sharedVpc();
    const addresses = [await dialled("a"), await dialled("b")];
    const answer = async () => (await lab.refreshNames()).get(NAME);
    expect(await answer()).toEqual(addresses);
    const before = await boots("gateway-a");
    // A kernel without rules would end the sessions: they come before whatever sets up the network.
    const first = await lab.machines["gateway-a"]!.agent.sh("systemctl show -P Before pptp-fleet-shut");
    expect(first.trim().split(" ")).toEqual(
      expect.arrayContaining(["cloud-init-local.service", "network-pre.target"]),
    );
    const { whole } = await used(async () => {
      await lab.shutDown("gateway-a");
      expect(await answer()).toEqual([addresses[1]]);
      const { name: user, password } = lab.account;
      const [result] = await Promise.all([
        dial(lab.clients["behind-1"], { server: NAME, user, password }),
        lab.launch(["gateway-a"]),
      ]);
      if (!result.up) throw new Error(`${result.failure.reason}\n${result.failure.log}`);
      expect(await serverOf(result.tunnel)).toBe("b-1");
      await result.tunnel.hangUp();
    });
    expect(whole).toBe(true);
    expect(await answer()).toEqual(addresses);
    const after = await boots("gateway-a");
    expect(after.boot).not.toBe(before.boot);
    // It was no first boot.
    expect(after.first).toBe(before.first);
  });
});

describe("a server", () => {
  test("is redialled elsewhere once two checks of its node have failed", async () => {
    const lab = await sharedVpc();
    await lab.network.stick(lab.where.client, A1);
    const first = await tunnelUp();
    expect(await serverOf(first)).toBe("a-1");
    await lab.kill("a-1");
    try {
      await targetHealth("a", { [`${A1}:1723`]: "unhealthy" });
      const second = await tunnelUp();
      expect(await serverOf(second)).toBe("a-2");
      await second.hangUp();
    } finally {
      await lab.launch(["a-1"]);
      await targetHealth("a", { [`${A1}:1723`]: "healthy" });
    }
  });
});
