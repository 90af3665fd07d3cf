/**
 * The other front door, on the machines of the first: the stack's program with `frontDoor: eip` makes another network
 * around servers that stay, and back.
 *
 * Does not prove: the steps in between, in which AWS makes and takes away one resource after the other. The gateways are
 * cut off here while AWS has none, and new ones later.
 */

import { beforeAll, expect, test } from "vitest";
import { EIP } from "../../../graph/types.ts";
import { ping } from "../../../lab/client/measure.ts";
import type { RecordedResource } from "../../../offline/program.ts";
import {
  A1,
  A2,
  B1,
  dialled,
  otherwise,
  serverOf,
  sharedVpc,
  targetHealth,
  tunnelUp,
} from "../shared/vpc.ts";

const SERVERS = ["a-1", "a-2", "b-1"];

const healthy = async () => {
  await targetHealth("a", { [`${A1}:1723`]: "healthy", [`${A2}:1723`]: "healthy" });
  await targetHealth("b", { [`${B1}:1723`]: "healthy" });
};

beforeAll(async () => {
  await sharedVpc();
  await healthy();
});

/** What of a server's machine a user would see change: each boot has an ID. */
async function machines(): Promise<string[]> {
  const { servers } = await sharedVpc();
  return Promise.all(
    servers.map(({ agent }) => agent.sh("cat /proc/sys/kernel/random/boot_id; ip -br address show eth0")),
  );
}

const elasticIp = (resources: RecordedResource[], server: string): string =>
  resources.find(({ type, inputs }) => type === EIP && inputs.tags.server === server)!.state.publicIp;

/** What of the program an Elastic IP is: the engine keeps the address of one that is registered again. */
const urnOf = (resources: RecordedResource[], tag: "gateway" | "server", machine: string): string =>
  resources.find(({ type, inputs }) => type === EIP && inputs.tags[tag] === machine)!.urn;

test("each server is dialled by its own Elastic IP, on the same machines, and by the gateways again", async () => {
  const lab = await sharedVpc();
  const before = await machines();
  const eip = await otherwise({ frontDoor: "eip" });
  for (const zone of ["a", "b"]) {
    const gateway = `gateway-${zone}`;
    expect(urnOf(eip, "server", `${zone}-1`)).toBe(urnOf(lab.run.resources, "gateway", gateway));
    // So the number that devices hold is the same one.
    expect(elasticIp(eip, `${zone}-1`)).toBe(await dialled(zone));
  }
  try {
    await lab.apply(eip);
    for (const server of SERVERS) {
      const tunnel = await tunnelUp({ server: elasticIp(eip, server) });
      expect(await serverOf(tunnel)).toBe(server);
      expect((await ping(lab.clients.client, tunnel.remote, 5)).received).toBe(5);
      // Before it is hung up: LCP's last answer may find no client any more, and the ICMP error about it is refused.
      const { gre_in, gre_out, ...others } = await lab.network.counters(server);
      expect([gre_in, gre_out].map((packets) => packets > 10)).toEqual([true, true]);
      expect(others).toEqual({ source_check: 0, dest_check: 0, gre_refused: 0, refused: 0 });
      await tunnel.hangUp();
    }
  } finally {
    await lab.apply(lab.run.resources);
    await healthy();
  }
  expect(await machines()).toEqual(before);
  await (await tunnelUp()).hangUp();
});
