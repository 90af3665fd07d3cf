/**
 * The VPC that the control tests share: its guest, booted once, with a program in place of every machine. It ends with
 * the namespace it runs in. Who changes it puts it back (`during`).
 */

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Phases } from "../../../../lab/host/phases.ts";
import { type Outcome, run } from "../../../../lab/host/run.ts";
import { waitUntil } from "../../../../lab/host/wait.ts";
import type { Counter } from "../../../../lab/network/network.ts";
import { parseCounters } from "../../../../lab/network/network.ts";
import { cardUp, type EniCounter } from "../../../../lab/vpc/network/eni.ts";
import { INTERNET_ROUTER, ROUTER } from "../../../../lab/vpc/network/topology.ts";
import { startTestbed, type Testbed } from "../../../../lab/vpc/testbed.ts";
import type { Vpc } from "../../../../lab/vpc/vpc.ts";
import type { Packet, Seen } from "../../shared/gateway-traffic.ts";
import { ADDRESS, type Change, type Name, sampleVpc } from "./sample-vpc.ts";

/** In the guest. */
export const HERE = "/run/lab/control";
const CALLS = `${HERE}/calls.py`;
const PACKETS = `${HERE}/packets.py`;
const SERVING = ["a-1", "a-2", "b-1", "b-2", "gateway-a"];

/** The client's own address, and more of its: callers that a balancer takes for others. */
export const CLIENT = "198.19.252.1";
export const CALLERS = Array.from({ length: 16 }, (_, i) => `198.19.252.${100 + i}`);
/** A client's address that the gateway itself has: who calls from it is not changed on the way. */
export const BEHIND_GATEWAY = "198.19.252.200";

/** MiB: no machine runs in it. */
const MEMORY = 768;
export const LIMIT = { timeoutMs: 120_000, everyMs: 200 };

let testbed: Promise<Testbed> | undefined;

export function sharedTestbed(): Promise<Testbed> {
  testbed ??= start();
  return testbed;
}

async function start(): Promise<Testbed> {
  const vpc = sampleVpc();
  const testbed = await startTestbed(vpc, { phases: new Phases(), memoryMiB: MEMORY });
  const { agent } = testbed.guest;
  await agent.sh(`mkdir -p ${HERE}`);
  const programs = {
    [CALLS]: join(import.meta.dirname, "calls.py"),
    [PACKETS]: join(import.meta.dirname, "../../shared/gateway-packets.py"),
  };
  for (const [place, file] of Object.entries(programs))
    await agent.exec(["/bin/bash", "-c", `cat >${place}`], { input: readFileSync(file) });
  await testbed.network.build(testbed.where);
  await testbed.network.apply(vpc);
  await testbed.host.knowMachines(vpc);
  const machines = vpc.interfaces.filter(({ name }) => !vpc.nodes.some((node) => node.name === name));
  await agent.sh(`set -e
${machines.map((each) => `${cardUp(each)}ip netns exec ${each.name} sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0\n`).join("")}
${CALLERS.map((each) => `ip -n client address add ${each}/32 dev eth0; ip -n ${INTERNET_ROUTER} route add ${each}/32 dev client\n`).join("")}
ip -n gateway-a address add ${BEHIND_GATEWAY}/32 dev lo
ip -n gateway-a link set lo up
# What a gateway does with a call: on to the balancer, under the client's address.
ip netns exec gateway-a sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0
ip netns exec gateway-a nft -f - <<'END'
table ip gateway {
  chain calls {
    type nat hook prerouting priority dstnat; policy accept;
    ip daddr ${ADDRESS["gateway-a"]} tcp dport 1723 dnat to ${ADDRESS["balancer-a"]}
  }
}
END
systemd-run -q --unit=control-machines python3 ${CALLS} serve ${HERE} ${SERVING.join(" ")}`);
  await waitUntil(
    "programs in place of machines",
    () => agent.sh(`test -e ${HERE}/serves`).then(() => true),
    {
      ...LIMIT,
      evidence: () => agent.sh("systemctl status control-machines 2>&1 || true"),
    },
  );
  return testbed;
}

/** Runs `work` while the VPC is the changed one, and puts it back. */
export async function during<T>(changes: Change[], work: () => Promise<T>): Promise<T> {
  const { network } = await sharedTestbed();
  await network.apply(changes.reduce((vpc, change) => change(vpc), sampleVpc()));
  try {
    return await work();
  } finally {
    await network.apply(sampleVpc());
  }
}

/** The VPC becomes this one, for a test that changes it step by step inside of `during`. */
export async function becomes(...changes: Change[]): Promise<void> {
  const { network } = await sharedTestbed();
  await network.apply(changes.reduce<Vpc>((vpc, change) => change(vpc), sampleVpc()));
}

/** A packet as its namespace's cards saw it come. */
export type Came = Seen & { protocol: number; ttl: number };

/** Sends packets from a namespace. @returns what of them came by the cards of each of `watch`, by their payloads. */
export async function sends(from: string, packets: Packet[], ...watch: string[]): Promise<Came[][]> {
  return (await seenWhile(from, packets, watch)).map((seen) =>
    seen.filter(({ payload }) => packets.some((each) => each.payload.includes(payload))),
  );
}

/** The same with everything else that came. */
export async function seenWhile(from: string, packets: Packet[], watch: string[]): Promise<Came[][]> {
  const { guest } = await sharedTestbed();
  const order = JSON.stringify({ from, packets, watch: watch.map((each) => [each, 0]) });
  const { code, stdout, stderr } = await guest.agent.exec(["/usr/bin/python3", PACKETS], { input: order });
  if (code !== 0) throw new Error(`the packets were not sent: ${stderr}`);
  return JSON.parse(stdout);
}

/** A datagram without a checksum (RFC 768), which no other has the like of. */
export function datagram(source: string, destination: string, port = 5000): Packet {
  const data = randomBytes(8).toString("hex");
  return {
    source,
    destination,
    protocol: 17,
    payload: `1388${port.toString(16).padStart(4, "0")}00100000${data}`,
  };
}

export interface Calls {
  from: string;
  to: string;
  /** @default 1723 */
  port?: number;
  /** From each source. @default 1 */
  times?: number;
  /** @default the namespace's own address */
  sources?: string[];
  /** Seconds that an answer may take: few for one that must not come. @default 20 */
  patience?: number;
}

/** Calls one after the other. @returns what each was told: who answers, and whom it sees; `refused`; `nothing`. */
export async function call({
  from,
  to,
  port = 1723,
  times = 1,
  sources = [],
  patience = 20,
}: Calls): Promise<string[]> {
  const { guest } = await sharedTestbed();
  const dial = ["dial", to, `${port}`, `${patience}`, `${times}`, ...sources];
  const command = ["ip", "netns", "exec", from, "python3", CALLS, ...dial];
  return JSON.parse((await guest.agent.exec(command, { timeoutMs: 300_000 })).stdout);
}

/** Patience for an answer that must not come: in the guest it would come at once. */
export const BRIEF = 2;

export interface Held {
  /** Who answers, and whom it sees. */
  told: string;
  /** Speaks after a silence. @returns `alive` where an answer comes, `reset`, `nothing`. */
  speaks(): Promise<string>;
}

function answer({ code, stdout, stderr }: Outcome): string {
  if (code !== 0) throw new Error(`the call ended with code ${code}: ${stderr}`);
  return stdout.trim();
}

let calls = 0;

/** A call that is held. @param speaker Who breaks the silence. */
export async function hold(from: string, to: string, speaker: "caller" | "server" = "caller"): Promise<Held> {
  const { guest } = await sharedTestbed();
  const { agent } = guest;
  const file = `${HERE}/call-${calls++}`;
  const first = speaker === "server" ? ["speak", file] : [];
  const ended = agent.exec(
    ["ip", "netns", "exec", from, "python3", CALLS, "hold", to, "1723", file, ...first],
    {
      timeoutMs: 900_000,
    },
  );
  const early = ended.then(({ stderr }): never => {
    throw new Error(`the call ended: ${stderr}`);
  });
  early.catch(() => {});
  const read = (path: string) => async () => {
    const { code, stdout } = await agent.exec(["/bin/cat", path]);
    return code === 0 && stdout.trim();
  };
  const told = await waitUntil("the call", read(`${file}.up`), { ...LIMIT, unless: early }).then(String);
  return {
    told,
    async speaks() {
      await agent.sh(`touch ${file}`);
      if (speaker === "caller") return answer(await ended);
      return String(await waitUntil("the server's word", read(`${file}.end`), LIMIT));
    },
  };
}

/** What an interface counts while `work` runs. */
export async function counted(name: Name, work: () => Promise<unknown>): Promise<Record<EniCounter, number>> {
  const { network } = await sharedTestbed();
  const before = await network.counters(name);
  await work();
  const after = await network.counters(name);
  return Object.fromEntries(
    Object.entries(after).map(([key, value]) => [key, value - before[key as EniCounter]]),
  ) as Record<EniCounter, number>;
}

/** What the router has counted, by name. */
export async function routerCounts(): Promise<Record<string, number>> {
  const { guest } = await sharedTestbed();
  const listed = await guest.agent.sh(`ip netns exec ${ROUTER} nft -j list counters table ip vpc`);
  const counters: Record<string, Counter> = parseCounters(listed);
  return Object.fromEntries(Object.entries(counters).map(([name, { packets }]) => [name, packets]));
}

/** What outside of the guest was dropped of all that the internet sent to an address of the VPC or its services. */
export async function outsideDrops(): Promise<number> {
  const { stdout } = await run("nft", ["-j", "list", "counters", "table", "ip", "outside"]);
  const counters: Record<string, Counter> = parseCounters(stdout);
  return counters.to_private_address!.packets;
}
