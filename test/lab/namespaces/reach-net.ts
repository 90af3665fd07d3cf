/**
 * A machine with its rules between who asks for TCP from outside, under any address, and a server's client. Whatever comes
 * back to the outside is for it, so that what a gateway passes on is taken there too.
 *
 *     outside ── eth0  server  ppp0 ── client
 *     outside ── eth0  gateway
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Daemon, run, startDaemon } from "../../../lab/host/run.ts";
import { waitUntil } from "../../../lab/host/wait.ts";
import { type Machine, TCP, through } from "../../reach/model.ts";
import { ADDRESSES, pieces, type Range, range, text } from "../../reach/networks.ts";

const CONNECTS = join(import.meta.dirname, "connects.py");
export const [SSH, CONTROL, HEALTH, OTHER] = [22, 1723, 8723, 8080];
export const PORTS = [SSH, CONTROL, HEALTH, OTHER];
const HOSTS = ["reach-outside", "reach-server", "reach-client"];

const daemons: Daemon[] = [];

const ip = (namespace: string, ...commands: string[]) =>
  run("ip", ["-n", namespace, "-batch", "-"], { input: `${commands.join("\n")}\n` });
export const inside = (namespace: string, argv: string[], input = "") =>
  run("ip", ["netns", "exec", namespace, ...argv], { input }).then(({ stdout }) => stdout);

/** With a server's addresses, and no rules yet. */
export async function setUp(server: Machine): Promise<void> {
  const [own, end, client] = [server.address, server.tunnels!.end, server.tunnels!.clients[0]![0]].map(text);
  for (const host of HOSTS) await run("ip", ["netns", "add", host]);
  for (const pair of [
    "link add eth0 netns reach-outside type veth peer name eth0 netns reach-server",
    "link add ppp0 netns reach-server type veth peer name eth0 netns reach-client",
  ])
    await run("ip", pair.split(" "));
  await ip(
    "reach-outside",
    ...["link set lo up", "link set eth0 up", `route add default via ${own} dev eth0 onlink`],
    // Whatever comes is for this host.
    ...["route add local default dev lo table 100", "rule add iif eth0 pref 1 table 100"],
    "rule add pref 2 table local",
    "rule del pref 0",
  );
  await ip(
    "reach-server",
    ...["link set lo up", "link set eth0 up", "link set ppp0 up"],
    ...[`address add ${own}/32 dev eth0`, `address add ${end}/32 dev ppp0`],
    ...["route add default via 192.0.2.1 dev eth0 onlink", `route add ${client}/32 dev ppp0`],
  );
  await ip(
    "reach-client",
    ...["link set lo up", "link set eth0 up", `address add ${client}/32 dev eth0`],
    `route add default via ${end} dev eth0 onlink`,
  );
  for (const host of HOSTS)
    await inside(host, [
      "sysctl",
      "-qw",
      ...["all", "default", "eth0"].map((link) => `net.ipv4.conf.${link}.rp_filter=0`),
    ]);
  await inside("reach-server", ["sysctl", "-qw", "net.ipv4.ip_forward=1"]);
  const logs = mkdtempSync(join(tmpdir(), "reach-"));
  for (const host of HOSTS) {
    const command = ["netns", "exec", host, "/usr/bin/python3", CONNECTS, "listen", ...PORTS.map(String)];
    const daemon = startDaemon("ip", command, join(logs, host));
    daemons.push(daemon);
    await waitUntil(`${host} listens`, async () => daemon.tail().includes("ready") || undefined, {
      timeoutMs: 30_000,
      evidence: () => daemon.tail(),
    });
  }
}

/** In the server's place, under its own address. */
export async function putGateway(own: string): Promise<void> {
  await ip(
    "reach-server",
    "address flush dev eth0",
    "address flush dev ppp0",
    `address add ${own}/32 dev eth0`,
  );
  await ip("reach-server", "route replace default via 192.0.2.1 dev eth0 onlink");
  await ip("reach-outside", `route replace default via ${own} dev eth0 onlink`);
  await inside("reach-server", [
    "sysctl",
    "-qw",
    ...["all", "eth0"].map((link) => `net.ipv4.conf.${link}.send_redirects=0`),
  ]);
}

export async function tearDown(): Promise<void> {
  for (const daemon of daemons) await daemon.stop();
  for (const host of HOSTS) await run("ip", ["netns", "del", host], { mayFail: true });
}

export type Asked = [source: number, destination: number, port: number];

/** Which of these the kernel let through. */
async function taken(from: string, asked: Asked[]): Promise<boolean[]> {
  const input = asked.map(([source, destination, port]) => [text(source), text(destination), port]);
  return JSON.parse(await inside(from, ["/usr/bin/python3", CONNECTS, "connect"], JSON.stringify(input)));
}

/** The ports that each of these finds open. */
export async function opened(
  asked: [source: string, destination: number, ...unknown[]][],
): Promise<number[][]> {
  const answers = await taken(
    "reach-outside",
    asked.flatMap(([source, destination]) =>
      PORTS.map((port): Asked => [range(source)[0], destination, port]),
    ),
  );
  return asked.map((_, i) => PORTS.filter((_, j) => answers[i * PORTS.length + j]));
}

/** What the kernel and the model do not agree on, and how much of it all is let through. */
export async function compared(from: string, iif: string, server: Machine, asked: Asked[]) {
  const kernel = await taken(from, asked);
  const model = asked.map(
    ([source, destination, port]) =>
      through(server, iif, source, destination, { protocol: TCP, port }) !== undefined,
  );
  const apart = asked.flatMap(([source, destination, port], i) =>
    kernel[i] === model[i]
      ? []
      : [`${text(source)} > ${text(destination)}:${port}: ${kernel[i] ? "open" : "closed"}`],
  );
  return { apart, open: kernel.filter(Boolean).length };
}

/** Addresses outside, one of each piece, none of them the machine's or a client's. */
export function outside({ rules, address, tunnels }: Machine): number[] {
  const own: Range[] = [
    [address, address],
    ...(tunnels === undefined ? [] : [[tunnels.end, tunnels.end] as Range, ...tunnels.clients]),
  ];
  return (
    pieces(
      [...rules.networks.map(range), range("203.0.113.0/24"), range("198.51.100.0/24"), ...own],
      ADDRESSES,
    )
      .map((first) => first + 1)
      .filter((each) => !own.some(([first, last]) => first <= each && each <= last))
      // Neither the network of all zeros nor loopback, link-local and multicast ever come by a wire.
      .filter(
        (each) =>
          ![
            [0, 2 ** 24],
            [0x7f000000, 0x80000000],
            [0xa9fe0000, 0xa9ff0000],
            [0xe0000000, 2 ** 32],
          ].some(([low, high]) => low! <= each && each < high!),
      )
  );
}
