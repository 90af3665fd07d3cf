/**
 * The gateway's rules on Debian 13's nft, by the packets that arrive: nft takes rules that deliver nothing (trap 21).
 * Namespaces in place of machines, so neither its boot nor what AWS does around it is seen here.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { run } from "../../../lab/run.ts";
import { renderGateway } from "../../../render/gateway.ts";
import * as zone from "./gateway-net.ts";

const { CLIENT, OWN, exchange, counters, gateway, inside, onGateway, plan, withRules } = zone;
const GRE = 47;
const ICMP = 1;

beforeAll(() => zone.buildZone());

const hex = (value: number, bytes: number) => value.toString(16).padStart(2 * bytes, "0");

/** PPTP's GRE header (RFC 2637, 4.1), with a payload and its sequence number, as pppd's packets have. */
function gre(callId: number, bytes = 8): string {
  return `3001880b${hex(bytes, 2)}${hex(callId, 2)}00000001${"a5".repeat(bytes)}`;
}
const fromClient = (payload: string, more: Partial<zone.Packet> = {}): zone.Packet => ({
  source: CLIENT,
  destination: OWN,
  protocol: GRE,
  payload,
  ...more,
});
const server = gateway.servers[0]!;
const fromServer = (payload: string, more: Partial<zone.Packet> = {}): zone.Packet => ({
  ...{ source: server.address, destination: CLIENT, protocol: GRE, payload },
  ...more,
});
/** An acknowledgement in the middle of a connection. */
const tcp = (from: number, to: number) =>
  `${hex(from, 2)}${hex(to, 2)}${"0".repeat(16)}5010${"0".repeat(12)}`;

async function counted(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await counters();
  await work();
  const after = await counters();
  return Object.fromEntries(
    Object.entries(after).flatMap(([name, value]) =>
      value === before[name] ? [] : [[name, value - before[name]!]],
    ),
  );
}

describe("GRE from a client", () => {
  test("goes to the server of its call ID, exactly at the edges of each of 62 ranges", async () => {
    expect(gateway.servers).toHaveLength(62);
    const ids = gateway.servers.flatMap(({ first, last }) => [first, first + 511, last]);
    let arrived: zone.Seen[] = [];
    const verdicts = await counted(async () => {
      [arrived] = (await exchange(
        "zone-client",
        ids.map((id) => fromClient(gre(id))),
        ["zone-servers", GRE],
      )) as [zone.Seen[]];
    });
    const expected = gateway.servers.flatMap(({ first, last, address }) =>
      [first, first + 511, last].map((id) => `${hex(id, 2)} ${CLIENT} ${address}`),
    );
    expect(
      arrived.map(({ payload, source, destination }) => `${payload.slice(12, 16)} ${source} ${destination}`),
    ).toEqual(expected);
    expect(verdicts).toEqual({ gre_in: 186 });
  });

  test("with a call ID that no server has is dropped and counted, below the first range and above the last", async () => {
    const strays = [0, 1023, 64_512, 65_535].map((id) => fromClient(gre(id)));
    const verdicts = await counted(async () => {
      expect(await exchange("zone-client", strays, ["zone-servers", GRE], ["zone-client", ICMP])).toEqual([
        [],
        [],
      ]);
    });
    expect(verdicts).toEqual({ gre_no_server: 4 });
  });

  test("that is not PPTP's is dropped and counted, with no error sent", async () => {
    // GRE of version 0 around IPv4, and around Ethernet with a key (RFC 2890).
    const packets = ["0000080000000000", "200065580000040000000000"].map((payload) => fromClient(payload));
    const verdicts = await counted(async () => {
      expect(await exchange("zone-client", packets, ["zone-servers", GRE], ["zone-client", ICMP])).toEqual([
        [],
        [],
      ]);
    });
    expect(verdicts).toEqual({ not_pptp: 2 });
  });

  const whole = gre(server.first, 2900);
  const inPieces = () => exchange("zone-client", [fromClient(whole, { pieces: 2 })], ["zone-servers", GRE]);

  test("arrives in fragments too", async () => {
    expect((await inPieces())[0]!.map(({ payload }) => payload)).toEqual([whole]);
  });

  test("does not where no `ct` is left in the rules, which is what puts fragments together", async () => {
    const untracked = (rules: string) =>
      rules.replace(/\tchain srcnat [\s\S]*?\n\t}\n/, "").replaceAll(/ct state [\w,]+ /g, "");
    expect(await withRules(untracked, inPieces)).toEqual([[]]);
  });
});

describe("GRE from a server", () => {
  const sent = (more: Partial<zone.Packet> = {}) =>
    exchange("zone-servers", [fromServer(gre(7), more)], ["zone-client", GRE]);

  test("leaves under the gateway's own address, and is counted", async () => {
    const verdicts = await counted(async () => {
      expect((await sent())[0]).toEqual([{ source: OWN, destination: CLIENT, df: false, payload: gre(7) }]);
    });
    expect(verdicts).toEqual({ gre_out: 1 });
  });

  test("has no DF, whatever it came with", async () => {
    expect((await sent({ df: true }))[0]!.map(({ df }) => df)).toEqual([false]);
    const kept = (rules: string) => rules.replace("ip frag-off set ip frag-off & 0xbfff ", "");
    expect((await withRules(kept, () => sent({ df: true })))[0]!.map(({ df }) => df)).toEqual([true]);
  });
});

/** A TCP listener that answers each line with the address that it sees the peer under. */
const LISTENER = `import socket, sys, threading
server = socket.create_server(("0.0.0.0", int(sys.argv[1])))
print("ready", flush=True)
def serve(peer, address):
    for _ in peer.makefile(): peer.sendall((address[0] + "\\n").encode())
while True: threading.Thread(target=serve, args=server.accept(), daemon=True).start()`;
/** Sends a line for each of its own, and prints the answers. */
const DIALER = `import socket, sys
lines = (s := socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)).makefile()
for line in iter(sys.stdin.readline, ""):
    s.sendall(b"?\\n"); print(lines.readline().strip(), flush=True)`;

const talking: (() => void)[] = [];
afterEach(() => {
  for (const end of talking.splice(0)) end();
});

/** A process in a host's network, which ends with the test; `next` is the next line that it prints, `undefined` at its end. */
function talk(host: zone.Host, script: string, ...args: (string | number)[]) {
  const command = ["netns", "exec", host, "/usr/bin/python3", "-c", script, ...args.map(String)];
  const child = spawn("ip", command, { stdio: ["pipe", "pipe", "inherit"] });
  talking.push(() => child.kill("SIGKILL"));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<string | undefined> => (await lines.next()).value;
  return {
    next,
    ask: () => {
      child.stdin.write("\n");
      return next();
    },
  };
}

describe("TCP", () => {
  test("to 1723 reaches the balancer with the client's address, answers under the gateway's, and lives through a reload", async () => {
    const listener = talk("zone-balancer", LISTENER, 1723);
    await listener.next();
    const client = talk("zone-client", DIALER, OWN, 1723);
    const verdicts = await counted(async () => expect(await client.ask()).toBe(CLIENT));
    await onGateway("pptp-fleet-gateway", "open");
    const again = await client.ask();
    expect(Object.keys(verdicts).sort()).toEqual(["tcp_in", "tcp_out"]);
    expect(again).toBe(CLIENT);
  });

  test("from a server past the balancer passes under the gateway's address, and is counted", async () => {
    const answer = fromServer(tcp(1723, 40_000), { protocol: 6 });
    let seen: zone.Seen[][] = [];
    const verdicts = await counted(async () => {
      seen = await exchange("zone-servers", [answer], ["zone-client", 6]);
    });
    // The client's own reset, as it knows of no such connection, goes the other way.
    expect(seen[0]!.map(({ source, destination }) => [source, destination])).toContainEqual([OWN, CLIENT]);
    expect(verdicts.tcp_past_balancer).toBe(1);
  });

  test("of the servers' own goes out under the gateway's address, and lives through a reload", async () => {
    const listener = talk("zone-client", LISTENER, 443);
    await listener.next();
    const dialled = talk("zone-servers", DIALER, CLIENT, 443);
    const first = await dialled.ask();
    await onGateway("pptp-fleet-gateway", "open");
    const second = await dialled.ask();
    const tracked = await onGateway("conntrack", "-L");
    expect([first, second]).toEqual([OWN, OWN]);
    expect(tracked).toContain("dport=443");
  });

  test("of the servers' own never leaves from 1723, whose answers would go to the balancer", async () => {
    const listener = talk("zone-client", LISTENER, 443);
    await listener.next();
    const ports = DIALER.replace("sys.argv[2])), 3)", 'sys.argv[2])), 3, ("", 1700))');
    const dialled = talk("zone-servers", ports, CLIENT, 443);
    await dialled.ask();
    const tracked = await onGateway("conntrack", "-L", "-p", "tcp", "--orig-port-src", "1700");
    const port = Number(/dport=443 src=\S+ dst=\S+ sport=443 dport=(\d+)/.exec(tracked)?.[1]);
    expect(port).toBeGreaterThan(1723);
  });
});

test("GRE of the usual kind is counted by the fast way, and arrives where there is none", async () => {
  const bothWays = async () => [
    ...(await exchange("zone-client", [fromClient(gre(server.first))], ["zone-servers", GRE])).flat(),
    ...(await exchange("zone-servers", [fromServer(gre(7))], ["zone-client", GRE])).flat(),
  ];
  const fast = async () => {
    const { nftables } = JSON.parse(
      await onGateway("nft", "-j", "list", "counters", "table", "netdev", "pptp_fleet"),
    );
    return nftables.flatMap(({ counter }: any) => (counter ? [counter.packets] : []));
  };
  await onGateway("pptp-fleet-gateway", "open");
  const arrived = await bothWays();
  expect(arrived).toHaveLength(2);
  expect(await fast()).toEqual([1, 1]);
  await onGateway("nft", "delete", "table", "netdev", "pptp_fleet");
  expect(await bothWays()).toEqual(arrived);
  await onGateway("pptp-fleet-gateway", "open");
});

test("tunnels have no entry of connection tracking, with rules that say notrack, and have one without", async () => {
  const packets = [fromClient(gre(server.first)), fromClient(tcp(40_001, 1723), { protocol: 6 })];
  const entries = async () => {
    await onGateway("conntrack", "-F");
    await exchange("zone-client", packets, ["zone-servers", GRE]);
    // With DF it takes the long way, by which alone something could be remembered.
    const both = [fromServer(gre(7)), fromServer(gre(7), { df: true })];
    await exchange("zone-servers", both, ["zone-client", GRE]);
    const listed = (await onGateway("conntrack", "-L")).split("\n");
    return listed.filter((line) => /^gre|1723/.test(line)).length;
  };
  expect(await entries()).toBe(0);
  const tracked = (rules: string) => rules.replaceAll(" notrack", "");
  expect(await withRules(tracked, entries)).toBeGreaterThan(0);
  await onGateway("conntrack", "-F");
});

describe("what is not for it", () => {
  const PORT_UNREACHABLE = "0303";
  /** An ICMP error that quotes a GRE packet which left under the gateway's address. */
  const error = `${PORT_UNREACHABLE}000000000000450000300000400040${hex(GRE, 1)}0000${[OWN, CLIENT]
    .flatMap((address) => address.split(".").map((part) => hex(Number(part), 1)))
    .join("")}${gre(7).slice(0, 16)}`;

  test("an ICMP error about a tunnel reaches no server", async () => {
    const checked = `${error.slice(0, 4)}${checksum(error)}${error.slice(8)}`;
    const verdicts = await counted(async () => {
      const packet = fromClient(checked, { protocol: ICMP });
      expect(await exchange("zone-client", [packet], ["zone-servers", ICMP])).toEqual([[]]);
    });
    expect(verdicts).toEqual({ icmp_errors: 1 });
  });

  test("another port is dropped without a word, and counted", async () => {
    const dial = `import socket
s = socket.socket(); s.settimeout(1)
try: s.connect(("${OWN}", 8723))
except TimeoutError: print("nothing")
except OSError as error: print(error)`;
    const verdicts = await counted(async () =>
      expect(await inside("zone-client", ["/usr/bin/python3", "-c", dial])).toBe("nothing\n"),
    );
    expect(Object.keys(verdicts)).toEqual(["not_pptp"]);
  });

  test("nobody else's packets are forwarded, and a server's to the metadata service are not", async () => {
    const packets = [
      fromServer("00", { protocol: 99, source: "10.99.0.1" }),
      fromServer("00", { protocol: 99, destination: "169.254.169.254" }),
      fromServer(tcp(1723, 80), { protocol: 6, destination: "169.254.169.254" }),
    ];
    expect(await counted(() => exchange("zone-servers", packets))).toEqual({ not_forwarded: 3 });
  });
});

test("it sends no redirect, though all that it forwards leaves where it came in", async () => {
  // The kernel tells neighbours only: as if the servers were in the gateway's own subnet.
  await onGateway("ip", "route", "add", gateway.serversCidr, "dev", "eth0");
  const answerForThem = ["net.ipv4.conf.gateway.proxy_arp=1", "net.ipv4.neigh.gateway.proxy_delay=0"];
  await inside("zone-router", ["sysctl", "-qw", ...answerForThem]);
  const redirects = async () => {
    // With DF: by the fast way the kernel has nobody to tell of.
    const packets = Array.from({ length: 3 }, () => fromServer(gre(7), { df: true }));
    const [seen] = await exchange("zone-servers", packets, ["zone-servers", ICMP]);
    return seen!.filter(({ payload }) => payload.startsWith("05")).length;
  };
  expect(await redirects()).toBe(0);
  await onGateway("sysctl", "-qw", "net.ipv4.conf.eth0.send_redirects=1");
  const told = await redirects();
  await onGateway("sysctl", "-qw", "net.ipv4.conf.eth0.send_redirects=0");
  await onGateway("ip", "route", "del", gateway.serversCidr, "dev", "eth0");
  expect(told).toBeGreaterThan(0);
});

describe("shut", () => {
  /** What a client gets for a tunnel's packets. */
  const answers = async () => {
    const packets = [fromClient(gre(server.first)), fromClient(tcp(40_002, 1723), { protocol: 6 })];
    return (await exchange("zone-client", packets, ["zone-client", ICMP], ["zone-client", 6])).flat().length;
  };

  test("it answers nothing, where a kernel without rules would end the tunnel twice", async () => {
    await onGateway("sysctl", "-qw", "net.ipv4.ip_forward=0");
    try {
      await onGateway("pptp-fleet-gateway", "shut");
      expect(await answers()).toBe(0);
      await onGateway("nft", "flush", "ruleset");
      expect(await answers()).toBe(2);
    } finally {
      await onGateway("pptp-fleet-gateway", "open");
    }
  });

  test("before there is nft, the routing rules of bootcmd answer nothing either, and go again", async () => {
    const { bootcmd } = parse(readFileSync(join(zone.gatewayRoot(), "user-data.yaml"), "utf8"));
    const silence = bootcmd.find((command: string[]) => command.includes("pptp-fleet-silence")).at(-1);
    const before = await onGateway("ip", "rule");
    await onGateway("sysctl", "-qw", "net.ipv4.ip_forward=0");
    await onGateway("nft", "flush", "ruleset");
    try {
      await onGateway("sh", "-ec", silence);
      expect(await answers()).toBe(0);
      // What else it does needs systemd.
      const script = readFileSync(join(zone.gatewayRoot(), "usr/local/sbin/pptp-fleet-first-boot"), "utf8");
      await onGateway("sh", "-ec", /^if ip rule[\s\S]*?^fi$/m.exec(script)![0]);
      expect(await onGateway("ip", "rule")).toBe(before);
      expect(await answers()).toBe(2);
    } finally {
      await onGateway("pptp-fleet-gateway", "open");
    }
  });
});

describe("its files", () => {
  const machine = renderGateway(plan, gateway);
  const inRoot = async (...command: string[]) => {
    const { code, stdout, stderr } = await run("chroot", [zone.gatewayRoot(), ...command], { mayFail: true });
    return { code, said: `${stdout}${stderr}`.trim() };
  };

  test("systemd takes the units, with nothing to say about them", async () => {
    const units = machine.files.flatMap(
      ({ path }) => /^\/etc\/systemd\/system\/([^/]+)$/.exec(path)?.[1] ?? [],
    );
    expect(units).toContain("pptp-fleet-ready.service");
    expect(await inRoot("systemd-analyze", "verify", "--man=no", ...units)).toEqual({ code: 0, said: "" });
  });

  test("cloud-init takes the user data by its schema", async () => {
    const { code, said } = await inRoot("cloud-init", "schema", "--config-file", "/user-data.yaml");
    expect(said).toMatch(/Valid schema/);
    expect(code).toBe(0);
  });

  test("dash takes each script", async () => {
    const scripts = machine.files.filter(({ content }) => content.startsWith("#!/bin/sh"));
    expect(scripts).toHaveLength(3);
    for (const { path } of scripts)
      expect([path, await inRoot("dash", "-n", path)]).toEqual([path, { code: 0, said: "" }]);
  });
});

/** Of the Internet (RFC 1071), over 16-bit words in hex. */
function checksum(words: string): string {
  let sum = 0;
  for (let i = 0; i < words.length; i += 4) sum += Number.parseInt(words.slice(i, i + 4).padEnd(4, "0"), 16);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return hex(~sum & 0xffff, 2);
}
