/** Real tunnels through the whole front door `nlb`: gateway, balancer, servers, each with its own user data. */

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Tunnel } from "../../../lab/client/dial.ts";
import { clientEnd, ping, routeThrough, throughput } from "../../../lab/client/measure.ts";
import { startDaemon } from "../../../lab/host/run.ts";
import { INTERNET } from "../../../lab/network/topology.ts";
import { A1, A2, dialled, gatewayCounters, serverOf, sharedVpc, tunnelUp } from "../shared/vpc.ts";

const SEEN_AS = join(import.meta.dirname, "../shared/seen-as.py");

describe("one tunnel", () => {
  let tunnel: Tunnel;
  let before: Record<string, number>;

  beforeAll(async () => {
    await sharedVpc();
    before = await gatewayCounters();
    tunnel = await tunnelUp();
  });
  afterAll(() => tunnel?.hangUp());

  test("is encrypted with MPPE-128 and answers pings", async () => {
    const { clients } = await sharedVpc();
    expect((await clientEnd(clients.client, tunnel)).mppe).toBe("128-bit stateless");
    expect((await ping(clients.client, tunnel.remote)).received).toBe(20);
  });

  test("carries TCP both ways, to a host on the internet", async () => {
    const { clients } = await sharedVpc();
    await routeThrough(clients.client, tunnel, INTERNET.host);
    const { up, down } = await throughput(clients.client, INTERNET.host, 443);
    expect(up).toBeGreaterThan(0.1);
    expect(down).toBeGreaterThan(0.1);
  });

  test("is seen on the internet as the zone's Elastic IP", async () => {
    const { clients, runDir } = await sharedVpc();
    const far = startDaemon(
      "ip",
      ["netns", "exec", INTERNET.namespace, "python3", SEEN_AS],
      join(runDir, "seen-as.log"),
    );
    try {
      const seen = await clients.client.sh(
        `for i in $(seq 20); do exec 3<>/dev/tcp/${INTERNET.host}/5000 && cat <&3 && exit; sleep 0.5; done 2>/dev/null`,
      );
      expect(seen).toBe(await dialled());
    } finally {
      await far.stop();
    }
  });

  test("leaves no packet at the gateway that is not a tunnel's", async () => {
    const after = await gatewayCounters();
    const grown = Object.keys(after).filter((name) => after[name]! > before[name]!);
    expect(grown.toSorted()).toEqual(["gre_in", "gre_out", "tcp_in", "tcp_out"]);
  });
});

describe("three clients at once, two of them behind one address", () => {
  test("reach different servers once the balancer forgets them, and all carry traffic", async () => {
    const lab = await sharedVpc();
    const tunnels: Tunnel[] = [];
    try {
      tunnels.push(await tunnelUp({ from: "client" }));
      await lab.network.stick(lab.where.nat, A1);
      tunnels.push(await tunnelUp({ from: "behind-1" }));
      await lab.network.stick(lab.where.nat, A2);
      tunnels.push(await tunnelUp({ from: "behind-2" }));
      expect(await serverOf(tunnels[1]!)).toBe("a-1");
      expect(await serverOf(tunnels[2]!)).toBe("a-2");
      const agents = [lab.clients.client, lab.clients["behind-1"], lab.clients["behind-2"]];
      const pings = await Promise.all(agents.map((agent, i) => ping(agent, tunnels[i]!.remote)));
      expect(pings.map(({ received }) => received)).toEqual([20, 20, 20]);
    } finally {
      for (const tunnel of tunnels) await tunnel.hangUp();
    }
  });
});
