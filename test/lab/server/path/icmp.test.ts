/**
 * ICMP errors about the tunnels' outer packets, which must not end a tunnel, and about their inner ones, which must
 * reach the sender (traps: icmp-error-ends-tunnel, frag-needed-goes-to-dialled-address).
 */
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { captured, ping, routeThrough } from "../../../../lab/client/measure.ts";
import { run } from "../../../../lab/host/run.ts";
import { waitUntil } from "../../../../lab/host/wait.ts";
import { INTERNET, INTERNET_LINK } from "../../../../lab/network/topology.ts";
import type { Lab } from "../../../../lab/vms/lab.ts";
import { counted, onClient, onServer, sharedLab, tunnelUp } from "../../shared/lab.ts";
import { edited } from "../retuned.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await sharedLab();
});

describe("an ICMP error about GRE", () => {
  const script = join(import.meta.dirname, "icmp-error.py");
  /** From the router: what a router on the path, or a confused client, would send. */
  const send = async ([type, code]: [number, number]) => {
    const { privateAddress } = lab.fleet.machines[0]!;
    await run("python3", [script, `${type}`, `${code}`, privateAddress, lab.cloud.network.client.address]);
  };

  test.each<[string, [number, number]]>([
    ["frag-needed", [3, 4]],
    ["protocol unreachable", [3, 2]],
    ["port unreachable", [3, 3]],
    ["administratively prohibited", [3, 13]],
  ])("%s ends no tunnel", async (_, error) => {
    const tunnel = await tunnelUp();
    await send(error);
    const pinged = await ping(lab.client.agent, tunnel.remote, 5);
    await tunnel.hangUp();
    expect(pinged).toMatchObject({ sent: 5, received: 5 });
  });

  test("is not sent by the server, for a packet of no session", async () => {
    const { publicAddress } = lab.fleet.machines[0]!;
    const sent = () => counted("own icmp errors about gre");
    const before = await sent();
    // An acknowledgement of GRE version 1 (RFC 2637, 4.1), from a client that no longer has a tunnel.
    const packet = "b'\\x20\\x81\\x88\\x0b' + bytes(8)";
    const script = `import socket; socket.socket(2, 3, 47).sendto(${packet}, ("${publicAddress}", 0))`;
    await lab.client.agent.exec(["python3", "-c", script]);
    await waitUntil("the kernel's answer, dropped", async () => (await sent()) > before, {
      timeoutMs: 10_000,
    });
  });

  test("ends the tunnel where a rule lets it in, as firewalls usually do", async () => {
    await tunnelUp();
    await onServer("nft insert rule inet pptp_fleet input icmp type destination-unreachable accept");
    await send([3, 2]);
    const sessions = () => onServer("ip -o link show type ppp");
    await waitUntil("the end of the session", async () => (await sessions()) === "", { timeoutMs: 15_000 });
    await onServer("systemctl reload nftables");
    await (await tunnelUp()).hangUp();
  });
});

describe("outgoing GRE", () => {
  /** How many packets with DF the client gets from the server while it pings through the tunnel. */
  const withDf = async () => {
    const tunnel = await tunnelUp();
    const { publicAddress: server } = lab.fleet.machines[0]!;
    const [printed] = await captured(
      lab.client.agent,
      `ip proto 47 and ip[6] & 0x40 != 0 and src host ${server}`,
      () => ping(lab.client.agent, tunnel.remote, 5),
    );
    await tunnel.hangUp();
    return printed.split("\n").filter((line) => line.includes("proto GRE")).length;
  };

  test("has no DF, as a router with a smaller MTU would answer about it", async () => {
    expect(await withDf()).toBe(0);
    const taken = (content: string) => content.replace("ip_no_pmtu_disc = 1", "ip_no_pmtu_disc = 0");
    const seen = await edited("/etc/sysctl.d/90-pptp-fleet.conf", taken, withDf);
    expect(seen).toBeGreaterThan(0);
    expect(await withDf()).toBe(0);
  });
});

describe("an ICMP frag-needed about an inner packet", () => {
  test("reaches the client that sent it", async () => {
    const tunnel = await tunnelUp();
    await routeThrough(lab.client.agent, tunnel, INTERNET.host);
    await run("ip", ["link", "set", INTERNET_LINK, "mtu", "1300"]);
    try {
      const said = await onClient(`ping -n -c 3 -i 0.5 -W 3 -M do -s 1372 ${INTERNET.host} || true`);
      expect(said).toMatch(/mtu ?= ?1300/);
    } finally {
      await run("ip", ["link", "set", INTERNET_LINK, "mtu", "1500"]);
      await tunnel.hangUp();
    }
  });
});
