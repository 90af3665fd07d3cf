/**
 * Rules are loaded beside those that stand, by Debian 13's nft: what an address has counts on, live flows go on, and
 * nothing of the rules before is left that would matter. The kernel is this machine's, not Debian's.
 *
 *     client 10.9.0.2 ── 10.9.0.1 server, with its rendered firewall ── ppp0, no PPP's ── 10.64.0.7 device
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Daemon, run, startDaemon } from "../../../../lab/host/run.ts";
import { waitUntil } from "../../../../lab/host/wait.ts";
import type { Bundle } from "../../../../render/bundle.ts";
import { givenSettings } from "../../../shared/given.ts";
import { gatewayBundle, type Machine, newMachine, serverBundle } from "./machine.ts";

const LIMIT = 2;
const FAR_PORT = 5001;
const FIREWALL = "/etc/nftables.conf";
const limits = (changes: object = {}) => ({
  limits: { ...givenSettings().limits, connectionsPerSource: LIMIT, ...changes },
});
const rules = (bundle: Bundle, path = FIREWALL) => bundle.files.find((each) => each.path === path)!.content;

let machine: Machine;

const nft = (...argv: string[]) => machine.run(["nft", ...argv]);

async function load(text: string, defined: string[] = []): Promise<void> {
  machine.write("/root/rules", text);
  const { code, text: said } = await nft(...defined.flatMap((each) => ["-D", each]), "-f", "/root/rules");
  if (code !== 0) throw new Error(said);
}

/** A listener that sends back what it gets. */
async function echoIn(network: string, address: string, port: number): Promise<Daemon> {
  const listener = `import socket, threading
def echo(s):
    while data := s.recv(4096): s.sendall(data)
server = socket.create_server(("${address}", ${port}), backlog=64)
while True: threading.Thread(target=echo, args=(server.accept()[0],), daemon=True).start()`;
  const inside = ["netns", "exec", network];
  const echo = startDaemon(
    "ip",
    [...inside, "python3", "-c", listener],
    join(machine.root, `root/echo-${port}.log`),
  );
  const listens = async () => (await run("ip", [...inside, "ss", "-Hltn", `sport = :${port}`])).stdout !== "";
  await waitUntil("the listener", listens, { timeoutMs: 30_000, evidence: () => echo.tail() });
  return echo;
}

/** What dials.py says, with `between` while it holds its connections. */
async function held(
  network: string,
  [host, port]: [host: string, port: string],
  between: () => Promise<unknown>,
): Promise<string[]> {
  const argv = ["python3", join(import.meta.dirname, "dials.py"), `${LIMIT}`, host, port];
  const client = spawn("ip", ["netns", "exec", network, ...argv]);
  const said = createInterface(client.stdout)[Symbol.asyncIterator]();
  const before = (await said.next()).value;
  await between();
  client.stdin.end("\n");
  const after = (await said.next()).value;
  await new Promise((resolve) => client.once("close", resolve));
  return [`${before}`, `${after}`];
}

describe("a server's firewall, loaded again", () => {
  const first = rules(serverBundle(limits()));
  let echoes: Daemon[] = [];

  beforeAll(async () => {
    machine = await newMachine();
    for (const name of ["reload-client", "reload-device"]) await run("ip", ["netns", "add", name]);
    for (const line of [
      `link add eth0 netns ${machine.network} type veth peer name eth0 netns reload-client`,
      `-n ${machine.network} address add 10.9.0.1/24 dev eth0`,
      `-n ${machine.network} link set eth0 up`,
      "-n reload-client address add 10.9.0.2/24 dev eth0",
      "-n reload-client link set eth0 up",
      `link add ppp0 netns ${machine.network} type veth peer name eth0 netns reload-device`,
      `-n ${machine.network} address add 10.64.0.1/24 dev ppp0`,
      `-n ${machine.network} link set ppp0 up`,
      "-n reload-device address add 10.64.0.7/24 dev eth0",
      "-n reload-device link set eth0 up",
      "-n reload-device route add default via 10.64.0.1",
      `netns exec ${machine.network} sysctl -qw net.ipv4.ip_forward=1`,
    ])
      await run("ip", line.split(" "));
    echoes = [
      await echoIn(machine.network, "10.9.0.1", 1723),
      await echoIn("reload-client", "10.9.0.2", FAR_PORT),
    ];
  });
  afterAll(() => Promise.all(echoes.map((echo) => echo.stop())));

  const dials = (between: () => Promise<unknown>) => held("reload-client", ["10.9.0.1", "1723"], between);

  const fresh = async () => {
    await nft("flush", "ruleset");
    await load(first);
  };

  test("keeps what an address has, and its limit", async () => {
    await fresh();
    expect(await dials(() => load(first))).toEqual([`${LIMIT}`, `${LIMIT} 0`]);
  });

  test("would give an address its limit once more by a flush of all rules, live flows going on", async () => {
    await fresh();
    const forgets = first
      .replace("flush table inet pptp_fleet", "flush ruleset")
      .replaceAll(/^destroy .*\n/gm, "");
    expect(await dials(() => load(forgets))).toEqual([`${LIMIT}`, `${LIMIT} ${LIMIT}`]);
  });

  test("keeps them with other limits, sizes and rules too", async () => {
    await fresh();
    const other = rules(
      serverBundle({
        ...limits({ halfOpen: 64, initialPacketTimeout: 3 }),
        egress: { ...givenSettings().egress, mode: "none" },
      }),
    );
    expect(other).toMatch(/size 64\n/);
    expect(await dials(() => load(other))).toEqual([`${LIMIT}`, `${LIMIT} 0`]);
    expect((await nft("list", "set", "inet", "pptp_fleet", "silent")).text).toMatch(
      /size 64\n[\s\S]*timeout 12s/,
    );
  });

  test("leaves no chain, helper or rule of before", async () => {
    await fresh();
    const conntrack = { ...givenSettings().conntrack, mode: "track" as const };
    await load(rules(serverBundle({ ...limits(), conntrack })));
    expect((await nft("list", "ruleset")).text).toMatch(/ct helper pptp \{/);
    const other = rules(serverBundle({ ...limits(), egress: { ...givenSettings().egress, mode: "none" } }));
    await load(other);
    const beside = (await nft("list", "ruleset")).text;
    await nft("flush", "ruleset");
    await load(other);
    expect(beside).toBe((await nft("list", "ruleset")).text);
    expect(beside).not.toMatch(/ct helper|masquerade/);
  });

  test("takes a chain at another place", async () => {
    await fresh();
    await load(first.replace("hook prerouting priority mangle", "hook prerouting priority raw"));
    expect((await nft("list", "chain", "inet", "pptp_fleet", "spoofed")).text).toMatch(/priority raw/);
  });

  describe.each(["bypass", "track"] as const)(
    "with conntrack.mode %s, where clients become routed",
    (mode) => {
      const of = (egress: object) =>
        rules(
          serverBundle({
            conntrack: { ...givenSettings().conntrack, mode },
            egress: { ...givenSettings().egress, ...egress },
          }),
        );
      const [nat, routed] = [of({ mode: "nat" }), of({ mode: "routed", cidrs: ["10.9.0.0/24"] })];
      /** The far end has no way to a device's own address. */
      const device = (between: () => Promise<unknown>) =>
        held("reload-device", ["10.9.0.2", `${FAR_PORT}`], between);

      test("goes on translating what a client has begun, and nothing that it begins", async () => {
        await nft("flush", "ruleset");
        await load(nat);
        expect(await device(() => load(nat))).toEqual([`${LIMIT}`, `${LIMIT} ${LIMIT}`]);
        expect(await device(() => load(routed))).toEqual([`${LIMIT}`, `${LIMIT} 0`]);
      });

      test("would drop it with a chain less for translation", async () => {
        await nft("flush", "ruleset");
        await load(nat);
        const bare = routed.replace(/\n\tchain postrouting \{[^}]*\}/, "");
        expect(bare).not.toBe(routed);
        expect(await device(() => load(bare))).toEqual([`${LIMIT}`, "0 0"]);
      });
    },
  );

  test("is refused as a whole where a set is of another type under its name", async () => {
    await fresh();
    const before = (await nft("list", "ruleset")).text;
    const other = first
      .replace(/(set connected \{\n\ttype |set connected \{\n\t\ttype )ipv4_addr/, "$1ipv6_addr")
      .replace(/\n.*add @connected.*/, "");
    await expect(load(other)).rejects.toThrow(/File exists/);
    expect((await nft("list", "ruleset")).text).toBe(before);
  });
});

describe("a gateway's rules, loaded again", () => {
  const bundle = gatewayBundle();
  const files = ["/etc/pptp-fleet/gateway.nft", "/etc/pptp-fleet/fast.nft"] as const;
  const defined = ["own=10.42.16.20", "card=lo", "router=10.42.16.17"];
  const [gateway, fast] = files.map((path) => rules(bundle, path)) as [string, string];

  beforeAll(async () => {
    machine = await newMachine();
  });

  const counters = async () => {
    const { nftables } = JSON.parse((await nft("-j", "list", "counters")).text);
    return Object.fromEntries(
      nftables.flatMap(({ counter }: any) =>
        counter ? [[`${counter.family} ${counter.name}`, counter.packets]] : [],
      ),
    );
  };

  test("keep their counters, the fast path's as well", async () => {
    await load(gateway, defined);
    await load(fast, defined);
    const counted =
      "add counter ip pptp_fleet gre_in { packets 7 bytes 70 }\nadd counter netdev pptp_fleet gre_in { packets 5 bytes 50 }";
    await nft("flush", "ruleset");
    await load(`add table ip pptp_fleet\nadd table netdev pptp_fleet\n${counted}`);
    await load(gateway, defined);
    await load(fast, defined);
    expect(await counters()).toMatchObject({ "ip gre_in": 7, "netdev gre_in": 5 });
  });

  test("are those of a first load, with other servers too, and under another address", async () => {
    const other = gateway.replaceAll("10.42.0.", "10.42.1.");
    expect(other).not.toBe(gateway);
    await nft("flush", "ruleset");
    for (const text of [gateway, fast.replaceAll("10.42.0.", "10.42.2."), other, fast])
      await load(text, defined);
    const beside = (await nft("-s", "list", "ruleset")).text;
    await nft("flush", "ruleset");
    for (const text of [other, fast]) await load(text, defined);
    expect(beside).toBe((await nft("-s", "list", "ruleset")).text);
  });

  test("have no fast path until its own file is loaded", async () => {
    await load(gateway, ["own=0.0.0.0"]);
    expect((await nft("list", "chain", "netdev", "pptp_fleet", "ingress")).text).not.toMatch(/fwd/);
  });
});
