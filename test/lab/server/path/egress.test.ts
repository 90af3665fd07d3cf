/**
 * What clients reach, and who reaches them, by `egress`.
 *
 * Does not prove: AWS's route tables. The way to the clients' pool is the router's here, as the program's route says.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ping, routeThrough } from "../../../../lab/client/measure.ts";
import { type Daemon, run, startDaemon } from "../../../../lab/host/run.ts";
import { INTERNET } from "../../../../lab/network/topology.ts";
import type { Lab } from "../../../../lab/vms/lab.ts";
import { call, counted, onClient, secondClient, sharedLab, tunnelUp } from "../../shared/lab.ts";
import { retuned } from "../retuned.ts";

const SEEN_AS = join(import.meta.dirname, "../../shared/seen-as.py");
/** A host inside the VPC, beside the servers: what polls devices. */
const MASTER = { namespace: "master", link: "master0", address: "10.42.200.2", router: "10.42.200.1" };

let lab: Lab;
const listeners: Daemon[] = [];
beforeAll(async () => {
  lab = await sharedLab();
  const { machine, subnet } = lab.cloud.network.attachments[0]!;
  await run("ip", ["netns", "add", MASTER.namespace]);
  await run("ip", ["-batch", "-"], {
    input: `link add ${MASTER.link} type veth peer name eth0 netns ${MASTER.namespace}
address add ${MASTER.router}/32 dev ${MASTER.link}
link set ${MASTER.link} up
route add ${MASTER.address}/32 dev ${MASTER.link}
route add 10.64.0.0/24 via ${machine.privateAddress} dev ${subnet.bridge}
`,
  });
  await run("ip", ["-n", MASTER.namespace, "-batch", "-"], {
    input: `address add ${MASTER.address}/32 dev eth0
link set eth0 up
route add ${MASTER.router}/32 dev eth0
route add default via ${MASTER.router}
`,
  });
  // The lab's groups know servers only: a host of the VPC beside them passes, both ways.
  for (const way of ["iifname", "oifname"])
    await run("nft", ["insert", "rule", "ip", "lab", "forward", way, MASTER.link, "accept"]);
  for (const namespace of [INTERNET.namespace, MASTER.namespace])
    listeners.push(
      startDaemon(
        "ip",
        ["netns", "exec", namespace, "python3", SEEN_AS],
        join(lab.runDir, `seen-${namespace}.log`),
      ),
    );
});
afterAll(async () => {
  await Promise.all(listeners.map((listener) => listener.stop()));
  lab.cloud.network.applyRules(lab.fleet);
});

/** The address as which the far end sees the client, by TCP and by UDP; nothing where there is no answer. */
async function seenBy(address: string): Promise<string[]> {
  const script = `import socket
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    s = socket.socket(socket.AF_INET, kind)
    s.settimeout(4)
    try:
        s.connect(("${address}", 5000))
        if kind == socket.SOCK_DGRAM: s.send(b"?")
        print(s.recv(100).decode())
    except OSError:
        print("nothing")`;
  return (await onClient(`python3 -c '${script}'`)).trim().split("\n");
}

/** The address as which the client sees whoever connects to it from a namespace of this machine. */
async function polledBy(namespace: string, client: string): Promise<string> {
  const answer = `import socket
server = socket.create_server(("0.0.0.0", 5001))
connection, caller = server.accept()
connection.sendall(caller[0].encode())`;
  await onClient(`systemctl stop polled 2>/dev/null
    systemd-run --quiet --collect --unit=polled timeout 30 python3 -c '${answer}'
    for i in $(seq 50); do ss -Hltn 'sport = :5001' | grep -q . && break; sleep 0.2; done`);
  const ask = `import socket
print(socket.create_connection(("${client}", 5001), 10).recv(100).decode())`;
  const { stdout } = await run("ip", ["netns", "exec", namespace, "python3", "-c", ask], { mayFail: true });
  return stdout.trim();
}

/** A tunnel by which the client reaches the far host and the VPC's. */
async function tunnelEverywhere() {
  const tunnel = await tunnelUp();
  for (const address of [INTERNET.host, INTERNET.secretsManager, MASTER.address])
    await routeThrough(lab.client.agent, tunnel, address);
  return tunnel;
}

describe("nat", () => {
  test("lets clients out under the server's address, by TCP, UDP and ICMP", async () => {
    const tunnel = await tunnelEverywhere();
    const { publicAddress } = lab.fleet.machines[0]!;
    expect(await seenBy(INTERNET.host)).toEqual([publicAddress, publicAddress]);
    expect((await ping(lab.client.agent, INTERNET.host, 3)).received).toBe(3);
    await tunnel.hangUp();
  });

  test("lets them to the CIDRs of the config and nowhere else", async () => {
    await retuned([`egress.cidrs=["${INTERNET.secretsManager}/32"]`], async () => {
      const tunnel = await tunnelEverywhere();
      const reached = [
        await ping(lab.client.agent, INTERNET.secretsManager, 3),
        await ping(lab.client.agent, INTERNET.host, 3),
      ];
      await tunnel.hangUp();
      expect(reached.map(({ received }) => received)).toEqual([3, 0]);
    });
  });
});

describe("routed", () => {
  test("lets a host of the VPC reach a client, and sees the client's own address", async () => {
    await retuned(["egress.mode=routed"], async () => {
      const tunnel = await tunnelEverywhere();
      const polled = await polledBy(MASTER.namespace, tunnel.local);
      const seen = await seenBy(MASTER.address);
      const far = await ping(lab.client.agent, INTERNET.host, 2);
      await tunnel.hangUp();
      expect(polled).toBe(MASTER.address);
      expect(seen).toEqual([tunnel.local, tunnel.local]);
      expect(far.received).toBe(0);
    });
  });
});

describe("none", () => {
  test("lets clients reach nothing but the other end of their tunnel", async () => {
    await retuned(["egress.mode=none"], async () => {
      const tunnel = await tunnelEverywhere();
      const seen = [...(await seenBy(INTERNET.host)), ...(await seenBy(MASTER.address))];
      const end = await ping(lab.client.agent, tunnel.remote, 3);
      await tunnel.hangUp();
      expect(seen).toEqual(["nothing", "nothing", "nothing", "nothing"]);
      expect(end.received).toBe(3);
    });
  });
});

describe("a client that sends from another's address", () => {
  test("is not heard, and is counted", async () => {
    const tunnel = await tunnelEverywhere();
    const before = await counted("not the client's own address");
    const forged = await onClient(`ip address add 10.64.0.99/32 dev lo
      ping -n -c 3 -i 0.3 -W 1 -I 10.64.0.99 ${INTERNET.host} || true
      ip address del 10.64.0.99/32 dev lo`);
    const own = await ping(lab.client.agent, INTERNET.host, 3);
    const after = await counted("not the client's own address");
    await tunnel.hangUp();
    expect(forged).toMatch(/ 0 received/);
    expect(after - before).toBe(3);
    expect(own.received).toBe(3);
  });
});

describe("clients of one server", () => {
  /** How many of three pings one client gets from the other. */
  const betweenClients = async () => {
    const namespace = await secondClient();
    const first = await tunnelUp();
    const second = await call({ namespace });
    if (!second.up) throw new Error(second.failure.log);
    await onClient(`ip route replace ${second.tunnel.local}/32 dev ${first.interface}
      ip -n ${namespace} route replace ${first.local}/32 dev ${second.tunnel.interface}`);
    const { received } = await ping(lab.client.agent, second.tunnel.local, 3);
    await first.hangUp();
    await second.tunnel.hangUp();
    return received;
  };

  test("do not reach each other", async () => {
    const before = await counted("client to client");
    expect(await betweenClients()).toBe(0);
    expect(await counted("client to client")).toBeGreaterThan(before);
  });

  test("do where the config says so", async () => {
    expect(await retuned(["egress.clientToClient=true"], betweenClients)).toBe(3);
  });
});
