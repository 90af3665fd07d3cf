/** What was negotiated and what a tunnel carries, read back from the machines at its ends. */

import type { Agent } from "../guest/agent.ts";
import type { Tunnel } from "./dial.ts";

/** One end of a tunnel. */
export interface End {
  interface: string;
  /** The interface's MTU, in bytes: MPPE's 4 are off it. */
  mtu: number;
  /** The MRU that this end has asked for, in bytes; 1500 where it asks for none (RFC 1661). */
  mru: number;
  /** As pppd names it: `128-bit stateless`. */
  mppe: string;
}

export interface Ping {
  sent: number;
  received: number;
  /** Milliseconds. */
  rtt: { min: number; avg: number; max: number };
}

const DEFAULT_MRU = 1500;
/** Seconds. */
const PING_EVERY = 0.05;

/** What the client's end has negotiated. */
export async function clientEnd(client: Agent, tunnel: Tunnel): Promise<End> {
  const { own } = mrus(tunnel.log);
  return { ...(await link(client, tunnel.interface)), mru: own, mppe: mppeOf(tunnel.log) };
}

/** What the server's end has negotiated. Its MRU is the one that it told the client. */
export async function serverEnd(server: Agent, tunnel: Tunnel): Promise<End> {
  const name = (
    await server.sh(`ip -4 -o addr show to ${tunnel.remote} | awk '/ peer ${tunnel.local}\\// { print $2 }'`)
  ).trim();
  if (name === "") throw new Error(`no interface of the server has ${tunnel.local} as its peer`);
  const journal = await server.sh("journalctl -q -b -o short -t pppd");
  return {
    ...(await link(server, name)),
    mru: mrus(tunnel.log).peer,
    mppe: mppeOf(sessionOf(journal, tunnel.local)),
  };
}

/** Sends `address` into the tunnel, where the default route would go beside it. */
export async function routeThrough(client: Agent, tunnel: Tunnel, address: string): Promise<void> {
  await client.sh(`ip route replace ${address}/32 dev ${tunnel.interface}`);
}

/**
 * Pings with `bytes` of data (28 fewer than the IP packet) and DF set, twenty a second. A loss is a result, not an error.
 *
 * Once one answer is there, ping waits for the last one only twice as long as the slowest took (iputils, main_loop), which a
 * busy machine exceeds. With a deadline it goes on until as many have come; later ones do not count.
 */
export async function ping(client: Agent, address: string, count = 20, bytes = 56): Promise<Ping> {
  const argv = [
    "ping",
    ...["-n", "-M", "do", "-s", `${bytes}`, "-i", `${PING_EVERY}`],
    ...["-c", `${count}`, "-w", `${Math.ceil(count * PING_EVERY) + 4}`],
    address,
  ];
  return pingOf((await client.exec(argv, { timeoutMs: 30_000 + count * 1_000 })).stdout, count);
}

/** TCP throughput in Mbit/s: `up` from the client to an iperf3 server at `address`, `down` to the client. */
export async function throughput(
  client: Agent,
  address: string,
  port: number,
  seconds = 3,
): Promise<{ up: number; down: number }> {
  const one = async (direction: string[]) => {
    const argv = [
      "iperf3",
      "-J",
      "-c",
      address,
      "-p",
      `${port}`,
      "-t",
      `${seconds}`,
      "--connect-timeout",
      "5000",
    ];
    const { stdout } = await client.exec([...argv, ...direction], { timeoutMs: (seconds + 30) * 1000 });
    return megabits(stdout);
  };
  return { up: await one([]), down: await one(["-R"]) };
}

/**
 * Bytes that the tunnel adds to an IP packet, each way: the outer IP packet's length less the inner one's, least
 * and most over twenty pings with `bytes` of data. GRE's acknowledgement number is 4 bytes and rides on some packets only.
 */
export async function overhead(client: Agent, address: string, bytes = 1000): Promise<Overhead> {
  const inner = bytes + 28;
  const [printed, pinged] = await captured(client, `ip proto 47 and ip[2:2] > ${inner}`, () =>
    ping(client, address, 20, bytes),
  );
  const outer = outerLengths(printed);
  const range = (lengths: number[]): [number, number] => [
    Math.min(...lengths) - inner,
    Math.max(...lengths) - inner,
  ];
  if (outer.sent.length === 0 || outer.received.length === 0) {
    throw new Error(`no GRE packet carries a ping to ${address}: it does not go through the tunnel`);
  }
  return { sent: range(outer.sent), received: range(outer.received), ping: pinged };
}

/** Least and most, and the pings that it was measured by. */
export interface Overhead {
  sent: [number, number];
  received: [number, number];
  ping: Ping;
}

/** How many fragments of GRE packets the client's link carries, either way, while `work` runs. */
export async function fragmentsDuring<T>(client: Agent, work: () => Promise<T>): Promise<[number, T]> {
  const [printed, result] = await captured(client, "ip proto 47 and ip[6:2] & 0x3fff != 0", work);
  return [printed.split("\n").filter((line) => line.includes("proto GRE")).length, result];
}

/** What tcpdump prints of the packets on the client's link that match `filter`, while `work` runs. */
export async function captured<T>(
  client: Agent,
  filter: string,
  work: () => Promise<T>,
): Promise<[string, T]> {
  const name = `capture-${Math.random().toString(36).slice(2, 8)}`;
  const file = `/run/${name}`;
  const { namespace } = client;
  const there = namespace === undefined ? "" : `--property=NetworkNamespacePath=/run/netns/${namespace}`;
  // Type=notify would be tcpdump's to give: it says on stderr when it listens.
  await client.sh(`systemd-run --quiet --collect --unit=${name} --property=KillSignal=SIGINT ${there} \\
      --property=StandardOutput=file:${file} --property=StandardError=file:${file}.err \\
      tcpdump -i eth0 -nn -v -l --immediate-mode '${filter}'
    for i in $(seq 100); do grep -qs 'listening on' ${file}.err && exit 0; sleep 0.1; done
    cat ${file}.err >&2; exit 1`);
  try {
    const result = await work();
    return [await client.sh(`systemctl stop ${name}; cat ${file}`), result];
  } finally {
    await client.sh(`systemctl stop ${name} 2>/dev/null; rm -f ${file} ${file}.err`);
  }
}

async function link(agent: Agent, name: string): Promise<{ interface: string; mtu: number }> {
  const [found] = JSON.parse(await agent.sh(`ip -j link show dev ${name}`));
  return { interface: name, mtu: found.mtu };
}

/** The MRUs that were agreed on, from the log of the client's pppd. */
export function mrus(log: string): { own: number; peer: number } {
  const last = (pattern: RegExp) => {
    const options = [...log.matchAll(pattern)].at(-1)?.[1];
    return Number(options?.match(/<mru (\d+)>/)?.[1] ?? DEFAULT_MRU);
  };
  // What the peer acknowledges is ours, what we acknowledge is the peer's.
  return { own: last(/rcvd \[LCP ConfAck (.*)\]/g), peer: last(/sent \[LCP ConfAck (.*)\]/g) };
}

/** Such as `128-bit stateless`. @throws Error where pppd did not say that it encrypts. */
export function mppeOf(log: string): string {
  const found = [...log.matchAll(/MPPE (\d+-bit \S+) compression enabled/g)].at(-1)?.[1];
  if (!found) throw new Error("pppd's log does not say that MPPE is on");
  return found;
}

/** The lines of the newest pppd that has given `address` to its peer, from a journal with several. */
export function sessionOf(journal: string, address: string): string {
  const lines = journal.split("\n");
  const given = lines.filter((line) => line.endsWith(`remote IP address ${address}`)).at(-1);
  const process = given?.match(/pppd\[\d+\]:/)?.[0];
  return process ? lines.filter((line) => line.includes(process)).join("\n") : "";
}

/** What ping says of its first `count` packets. The times are those of all. */
export function pingOf(text: string, count: number): Ping {
  const sent = text.match(/(\d+) packets transmitted/)?.[1];
  if (sent === undefined) throw new Error(`ping said nothing to count: ${text}`);
  const answered = [...text.matchAll(/ icmp_seq=(\d+) ttl=/g)].map(([, sequence]) => Number(sequence));
  const received = new Set(answered.filter((sequence) => sequence <= count)).size;
  const rtt =
    text
      .match(/= ([\d.]+)\/([\d.]+)\/([\d.]+)/)
      ?.slice(1)
      .map(Number) ?? [];
  const [min = Number.NaN, avg = Number.NaN, max = Number.NaN] = rtt;
  return { sent: Math.min(count, Number(sent)), received, rtt: { min, avg, max } };
}

/** Mbit/s received, from iperf3's JSON. @throws Error with what iperf3 says went wrong. */
export function megabits(json: string): number {
  const result = JSON.parse(json);
  if (result.error) throw new Error(`iperf3: ${result.error}`);
  return Math.round(result.end.sum_received.bits_per_second / 1e4) / 100;
}

/** The lengths of the outer IP packets in what `tcpdump -v` prints, by direction: pptp's peer answers to us. */
export function outerLengths(printed: string): { sent: number[]; received: number[] } {
  const packets = [...printed.matchAll(/proto GRE \(47\), length (\d+)\)\s+(\S+) > (\S+?):/g)];
  const self = packets[0]?.[2]; // the first to match is our own echo request
  const lengths = (own: boolean) =>
    packets.filter((packet) => (packet[2] === self) === own).map((packet) => Number(packet[1]));
  return { sent: lengths(true), received: lengths(false) };
}
