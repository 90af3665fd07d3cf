/** The gateway's rules for TCP, and what connection tracking knows of what passes. Namespaces as in gateway.test.ts. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { ACK, exchange, GRE, gre, RST, type Seen, TCP, tcp } from "../shared/gateway-traffic.ts";
import {
  CLIENT,
  counted,
  fromClient,
  fromServer,
  type Host,
  OWN,
  onGateway,
  server,
  sharedZone,
  withRules,
} from "./gateway-net.ts";

beforeAll(sharedZone);

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
function talk(host: Host, script: string, ...args: (string | number)[]) {
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

  test("a reset without ACK ends at the gateway, which a client's kernel sends that knows no such connection; one with ACK passes", async () => {
    const resets = [RST, RST | ACK].map((flags) => fromClient(tcp(40_003, 1723, flags), { protocol: TCP }));
    let seen: Seen[][] = [];
    const verdicts = await counted(async () => {
      seen = await exchange("zone-client", resets, ["zone-balancer", TCP]);
    });
    expect(seen[0]!.map(({ payload }) => payload.slice(24, 28))).toEqual(["5014"]);
    expect(verdicts).toEqual({ tcp_stray_reset: 1, tcp_in: 1 });
  });

  test("from a server past the balancer passes under the gateway's address, and is counted", async () => {
    const answer = fromServer(tcp(1723, 40_000), { protocol: TCP });
    let seen: Seen[][] = [];
    const verdicts = await counted(async () => {
      seen = await exchange("zone-servers", [answer], ["zone-client", TCP]);
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

test("tunnels have no entry of connection tracking, with rules that say notrack, and have one without", async () => {
  const packets = [fromClient(gre(server.first)), fromClient(tcp(40_001, 1723), { protocol: TCP })];
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
