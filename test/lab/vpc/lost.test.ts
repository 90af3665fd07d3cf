/** What is lost with a machine, and where its clients end up. */

import { beforeAll, describe, expect, test } from "vitest";
import { dial } from "../../../lab/dial.ts";
import { dialled, NAME, serverOf, sharedVpc, targetHealth, tunnelUp } from "./shared-vpc.ts";

beforeAll(async () => {
  await sharedVpc();
  await targetHealth("a", { "10.42.0.4:1723": "healthy", "10.42.0.5:1723": "healthy" });
});

describe("a server", () => {
  test("is redialled elsewhere once two checks of its node have failed", async () => {
    const lab = await sharedVpc();
    await lab.network.stick(lab.where.client, "10.42.0.4");
    const first = await tunnelUp();
    expect(await serverOf(first)).toBe("a-1");
    await lab.kill("a-1");
    await targetHealth("a", { "10.42.0.4:1723": "unhealthy" });
    const second = await tunnelUp();
    expect(await serverOf(second)).toBe("a-2");
    await second.hangUp();
    await lab.launch(["a-1"]);
    await targetHealth("a", { "10.42.0.4:1723": "healthy" });
  });
});

describe("a zone's gateway", () => {
  test("takes its address out of the name's answer, and clients reach the other zone", async () => {
    const lab = await sharedVpc();
    const addresses = [await dialled("a"), await dialled("b")];
    const answer = async () => (await lab.refreshNames()).get(NAME);
    expect(await answer()).toEqual(addresses);
    await lab.kill("gateway-a");
    expect(await answer()).toEqual([addresses[1]]);
    const { name: user, password } = lab.account;
    const result = await dial(lab.clients.client, { server: NAME, user, password });
    if (!result.up) throw new Error(`${result.failure.reason}\n${result.failure.log}`);
    expect(await serverOf(result.tunnel)).toBe("b-1");
    await result.tunnel.hangUp();
    await lab.launch(["gateway-a"]);
    expect(await answer()).toEqual(addresses);
  });
});
