/** Network namespaces in place of guests: the client, and servers with their own address, on the lab's real links. */

import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Network } from "../../../lab/network/network.ts";
import { VPC_MTU } from "../../../lab/network/topology.ts";

const PACKETS = fileURLToPath(new URL("packets.py", import.meta.url));

export interface Sent {
  protocol: number;
  from: string;
  to: string;
  destination: string;
  /** Bytes after the IP header. @default 20 */
  bytes?: number;
  /** Another source than the sender's own. */
  source?: string;
  /** Not to be cut into fragments. @default false; not with another source */
  df?: boolean;
}

export interface Received {
  source: string;
  destination: string;
  ttl: number;
  length: number;
}

/** Puts a namespace named `client`, and one named after each server, where the guests' taps are. */
export function attachStandIns({ client, attachments }: Network): void {
  const ip = (batch: string, ...options: string[]) =>
    execFileSync("ip", [...options, "-batch", "-"], { input: batch, stdio: ["pipe", "inherit", "inherit"] });
  const attach = (name: string, tap: string, mac: string, mtu: number) =>
    ip(`netns add ${name}
link del ${tap}
link add ${tap} mtu ${mtu} type veth peer name eth0 address ${mac} mtu ${mtu} netns ${name}
`);
  attach("client", client.tap, client.mac, 1500);
  ip(`address add ${client.router}/32 dev ${client.tap}
link set ${client.tap} up
route add ${client.address}/32 dev ${client.tap} src ${client.router}
`);
  ip(
    `address add ${client.address}/32 dev eth0
link set eth0 up
route add ${client.router} dev eth0
route add default via ${client.router} dev eth0
`,
    "-n",
    "client",
  );
  for (const { machine, subnet, tap, mac } of attachments) {
    attach(machine.name, tap, mac, VPC_MTU);
    ip(`link set ${tap} master ${subnet.bridge} up\n`);
    execFileSync("bridge", ["link", "set", "dev", tap, "isolated", "on"]);
    ip(
      `link set lo up
address add ${machine.privateAddress}/${subnet.prefix} dev eth0
link set eth0 up
route add default via ${subnet.router}
`,
      "-n",
      machine.name,
    );
  }
}

/**
 * The words of `argv` run in a namespace, `undefined` where it fails. Never synchronous: the metadata service
 * answers from this process.
 */
export async function runIn(namespace: string, argv: string[], input = ""): Promise<string | undefined> {
  const running = promisify(execFile)("ip", ["netns", "exec", namespace, ...argv], { timeout: 30_000 });
  running.child.stdin?.on("error", () => {}); // it ended without reading
  running.child.stdin?.end(input);
  return await running.then(
    ({ stdout }) => stdout,
    () => undefined,
  );
}

/** Sends one packet and says what arrived of it, `null` after a second without. */
export async function arrives(packet: Sent): Promise<Received | null> {
  const { protocol, from, to, destination, bytes = 20, source, df } = packet;
  return await received(to, protocol, bytes, async () => {
    const args = [
      df ? "send-whole" : "send",
      `${protocol}`,
      destination,
      `${bytes}`,
      ...(source ? [source] : []),
    ];
    await runIn(from, ["/usr/bin/python3", PACKETS, ...args]);
  });
}

/** The first IP packet of a protocol that reaches a namespace while `during` runs, or within a second after. */
export async function received(
  namespace: string,
  protocol: number,
  bytes: number,
  during: () => Promise<unknown>,
): Promise<Received | null> {
  const command = ["/usr/bin/python3", PACKETS, "receive", `${protocol}`, "1", `${bytes + 20}`];
  const child = spawn("ip", ["netns", "exec", namespace, ...command], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (text) => (output += text));
  const closed = once(child, "close");
  await once(child.stdout, "data");
  await during();
  await closed;
  const [source, destination, ttl, length] = output.replace("ready\n", "").trim().split(" ");
  return length
    ? { source: source!, destination: destination!, ttl: Number(ttl), length: Number(length) }
    : null;
}

/** How a TCP connection from a namespace to `host:port` goes: `open`, `refused` by the host, or `nothing` comes back. */
export async function reaches(namespace: string, host: string, port: number): Promise<string> {
  const script = `import socket
try:
  socket.create_connection(("${host}", ${port}), 1).close(); print("open")
except ConnectionRefusedError: print("refused")
except OSError: print("nothing")`;
  return (await runIn(namespace, ["/usr/bin/python3", "-"], script))?.trim() ?? "failed";
}
