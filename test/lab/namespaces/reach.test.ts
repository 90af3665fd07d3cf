/**
 * A server's and a gateway's rules in a kernel, as Debian 13's nft loads them, against what test/reach/ reads out of their
 * text: whom they let reach the machine itself, a server's clients and what lies behind, for one address of each piece that
 * they tell apart. TCP only, and no security group is here: what it would stop comes this far.
 *
 *     outside, under any address ── eth0  server  ppp0 ── client
 *     outside, under any address ── eth0  gateway
 */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Daemon, run, startDaemon } from "../../../lab/run.ts";
import { waitUntil } from "../../../lab/wait.ts";
import { type RecordedMachine, recordedMachines } from "../../../offline/machines.ts";
import { type Config, run as runProgram } from "../../program/run.ts";
import { type Machine, TCP, through } from "../../reach/model.ts";
import { ADDRESSES, pieces, type Range, range, text } from "../../reach/networks.ts";
import { reachOf } from "../../reach/read.ts";
import { ED25519 } from "../../settings/keys.ts";
import { debianRoot } from "../debian-root.ts";

const CONNECTS = join(import.meta.dirname, "connects.py");
const [SSH, CONTROL, HEALTH, OTHER] = [22, 1723, 8723, 8080];
const PORTS = [SSH, CONTROL, HEALTH, OTHER];
const HOSTS = ["reach-outside", "reach-server", "reach-client"];

/** Whoever may dial or administer from where clients are reached too, and from elsewhere. */
const ROUTED: Config = {
  servers: 1,
  zones: ["eu-west-1a"],
  allowedCidrs: ["198.51.100.0/24", "10.9.8.0/24"],
  adminCidrs: ["203.0.113.0/24", "10.9.7.0/24"],
  sshPublicKeys: [ED25519],
  egress: { mode: "routed", cidrs: ["10.9.0.0/16", "10.42.0.0/16"] },
};
const CLOSED: Config = { ...ROUTED, frontDoor: "eip", adminCidrs: [], sshPublicKeys: [] };

const daemons: Daemon[] = [];
interface Recorded {
  machine: Machine;
  recorded: RecordedMachine;
}
let machines: Recorded[];
let gateway: Recorded;

const ip = (namespace: string, ...commands: string[]) =>
  run("ip", ["-n", namespace, "-batch", "-"], { input: `${commands.join("\n")}\n` });
const inside = (namespace: string, argv: string[], input = "") =>
  run("ip", ["netns", "exec", namespace, ...argv], { input }).then(({ stdout }) => stdout);

beforeAll(async () => {
  const machineOf = async (config: Config, wanted: Machine["kind"]) => {
    const fleet = await runProgram(config);
    const machine = reachOf(fleet).machines.find(({ kind }) => kind === wanted)!;
    return { machine, recorded: recordedMachines(fleet).find(({ name }) => name === machine.name)! };
  };
  machines = await Promise.all([ROUTED, CLOSED].map((config) => machineOf(config, "server")));
  gateway = await machineOf(ROUTED, "gateway");
  const { machine: server } = machines[0]!;
  const [own, end, client] = [server.address, server.tunnels!.end, server.tunnels!.clients[0]![0]].map(text);
  for (const host of HOSTS) await run("ip", ["netns", "add", host]);
  await run("ip", [
    "link",
    "add",
    "eth0",
    "netns",
    "reach-outside",
    "type",
    "veth",
    "peer",
    "name",
    "eth0",
    "netns",
    "reach-server",
  ]);
  await run("ip", [
    "link",
    "add",
    "ppp0",
    "netns",
    "reach-server",
    "type",
    "veth",
    "peer",
    "name",
    "eth0",
    "netns",
    "reach-client",
  ]);
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
});

afterAll(async () => {
  for (const daemon of daemons) await daemon.stop();
  for (const host of HOSTS) await run("ip", ["netns", "del", host], { mayFail: true });
});

type Asked = [source: number, destination: number, port: number];

/** Which of these the kernel let through. */
async function taken(from: string, asked: Asked[]): Promise<boolean[]> {
  const input = asked.map(([source, destination, port]) => [text(source), text(destination), port]);
  return JSON.parse(await inside(from, ["/usr/bin/python3", CONNECTS, "connect"], JSON.stringify(input)));
}

/** The ports that each of these finds open. */
async function opened(asked: [source: string, destination: number, ...unknown[]][]): Promise<number[][]> {
  const answers = await taken(
    "reach-outside",
    asked.flatMap(([source, destination]) =>
      PORTS.map((port): Asked => [range(source)[0], destination, port]),
    ),
  );
  return asked.map((_, i) => PORTS.filter((_, j) => answers[i * PORTS.length + j]));
}

/** What the kernel and the model do not agree on, and how much of it all is let through. */
async function compared(from: string, iif: string, server: Machine, asked: Asked[]) {
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
function outside({ rules, address, tunnels }: Machine): number[] {
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

describe.each([
  ["with administration open, behind the balancer", 0],
  ["with administration closed, under an Elastic IP", 1],
])("%s", (_, index) => {
  let server: Machine;
  let root: string;
  const load = () => inside("reach-server", ["chroot", root, "nft", "-f", "/etc/nftables.conf"]);
  beforeAll(async () => {
    server = machines[index]!.machine;
    const { name, cloudConfig, userData } = machines[index]!.recorded;
    root = await debianRoot({ name, files: cloudConfig.write_files, userData });
    await load();
  });

  test("whom a server's clients are reached from reaches nothing of the server that is not opened to him", async () => {
    const own = server.address;
    const client = server.tunnels!.clients[0]![0];
    const administered = index === 0;
    const expected: [source: string, destination: number, ports: number[]][] = [
      ["10.9.1.1", client, PORTS],
      ["10.9.1.1", own, []],
      ["10.9.1.1", server.tunnels!.end, []],
      ["10.9.8.1", own, [CONTROL]],
      ["10.9.7.1", own, administered ? [SSH] : []],
      // A gateway's, and the balancer's.
      ["10.42.16.20", own, administered ? [SSH] : []],
      ["10.42.16.4", own, administered ? [HEALTH] : []],
    ];
    expect(await opened(expected)).toEqual(expected.map(([, , ports]) => ports));
    // The same without the one rule: it is this that closes them.
    const rule = /^.*"routed to the server itself"$/m;
    const path = join(root, "etc/nftables.conf");
    const rules = readFileSync(path, "utf8");
    expect(rules).toMatch(rule);
    writeFileSync(path, rules.replace(rule, ""));
    await load();
    const open = administered ? [SSH, CONTROL, HEALTH] : [CONTROL, HEALTH];
    const without = (await opened(expected)).slice(1, 2);
    writeFileSync(path, rules);
    await load();
    expect(without).toEqual([open]);
  });

  test("the kernel lets the same come in and through as the model", async () => {
    const destinations = [server.address, server.tunnels!.clients[0]![0]];
    const asked = outside(server).flatMap((source) =>
      destinations.flatMap((destination) => PORTS.map((port): Asked => [source, destination, port])),
    );
    const { apart, open } = await compared("reach-outside", "eth0", server, asked);
    expect(apart).toEqual([]);
    expect(open).toBeGreaterThan(10);
    expect(open).toBeLessThan(asked.length / 2);
  });

  test("and the same leave a tunnel", async () => {
    const client = server.tunnels!.clients[0]![0];
    const destinations = [server.address, server.tunnels!.end, ...outside(server)];
    const asked = destinations.flatMap((destination) =>
      PORTS.map((port): Asked => [client, destination, port]),
    );
    const { apart, open } = await compared("reach-client", "ppp0", server, asked);
    expect(apart).toEqual([]);
    expect(open).toBeGreaterThan(3);
    expect(open).toBeLessThan(asked.length / 2);
  });
});

describe("a gateway, where clients are routed", () => {
  beforeAll(async () => {
    const { machine, recorded } = gateway;
    const own = text(machine.address);
    // The server's place is the gateway's now.
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
    const { name, cloudConfig, userData } = recorded;
    const root = await debianRoot({ name, files: cloudConfig.write_files, userData });
    const load = (file: string, ...given: string[]) =>
      inside("reach-server", [
        "chroot",
        root,
        "nft",
        ...[`own=${own}`, ...given].flatMap((each) => ["-D", each]),
        ...["-f", `/etc/pptp-fleet/${file}`],
      ]);
    await load("gateway.nft");
    await load("fast.nft", "card=eth0", "router=192.0.2.1");
  });

  test("opens its ports to the same as in the model, and leads the same to the balancer", async () => {
    const { machine } = gateway;
    const asked = outside(machine).flatMap((source) =>
      PORTS.map((port): Asked => [source, machine.address, port]),
    );
    const { apart, open } = await compared("reach-outside", "eth0", machine, asked);
    expect(apart).toEqual([]);
    expect(open).toBeGreaterThan(10);
    expect(open).toBeLessThan(asked.length / 2);
    const dialled = await opened([
      ["203.0.113.1", machine.address],
      ["192.0.2.9", machine.address],
      // Servers and clients go through it, and dial nothing.
      ["10.42.0.9", machine.address],
      ["10.9.7.1", machine.address],
    ]);
    expect(dialled).toEqual([[SSH, CONTROL], [SSH, CONTROL], [], [SSH, CONTROL]]);
  });

  test("passes on what servers and routed clients send, but to the metadata service, and nobody else's", async () => {
    const { machine } = gateway;
    const destinations = ["203.0.113.9", "10.9.1.1", "169.254.169.254"].map((each) => range(each)[0]);
    const asked = outside(machine).flatMap((source) =>
      destinations.map((destination): Asked => [source, destination, OTHER]),
    );
    const { apart, open } = await compared("reach-outside", "eth0", machine, asked);
    expect(apart).toEqual([]);
    expect(open).toBeGreaterThan(3);
    expect(open).toBeLessThan(asked.length);
  });
});
