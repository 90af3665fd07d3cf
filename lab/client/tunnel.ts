/** One tunnel from the client to a server, and all that is read back of it. */
import type { Account } from "../../settings/keys/accounts.ts";
import type { Agent } from "../guest/agent.ts";
import type { Phases } from "../host/phases.ts";
import { INTERNET } from "../network/topology.ts";
import { dial, type Tunnel } from "./dial.ts";
import {
  clientEnd,
  type End,
  fragmentsDuring,
  overhead,
  type Ping,
  ping,
  routeThrough,
  serverEnd,
  throughput,
} from "./measure.ts";

export interface TunnelReport {
  server: string;
  /** What was dialled. */
  address: string;
  /** From the call to an interface with an address. */
  dialSeconds: number;
  /** Addresses inside. */
  local: string;
  remote: string;
  client: End;
  serverEnd: End;
  /** Of the server's address inside. */
  ping: Ping;
  /** The largest packet that the plan says is never fragmented, with DF: bytes, and how many pings of it came back. */
  largest: { bytes: number; sent: number; received: number };
  /** TCP through the tunnel to a host on the internet, Mbit/s. */
  throughput: { up: number; down: number };
  /** Bytes that the tunnel adds to a packet: least and most. */
  overhead: { sent: [number, number]; received: [number, number] };
  /** Fragments of GRE on the client's link while TCP filled the tunnel. */
  fragments: number;
}

/** Who dials whom. */
export interface Scene {
  client: Agent;
  account: Account;
  /** What is dialled. */
  address: string;
  /** Those of whom one answers. */
  servers: { name: string; agent: Agent }[];
}

/** Where the far host measures: a port that servers may reach. */
const PORT = 443;
/** Each way. */
const SECONDS = 2;

/** Dials and measures. @throws Error that says how far a failed dial came. */
export async function measuredTunnel(
  { client: agent, account, address, servers }: Scene,
  phases: Phases,
): Promise<{ tunnel: Tunnel; report: TunnelReport }> {
  const started = performance.now();
  const tunnel = await phases.run("dial", async () => {
    const result = await dial(agent, { server: address, user: account.name, password: account.password });
    if (!result.up)
      throw new Error(
        `the dial failed at ${result.failure.stage}: ${result.failure.reason}\n${result.failure.log}`,
      );
    return result.tunnel;
  });
  const dialSeconds = Math.round((performance.now() - started) / 100) / 10;
  const report = await phases.run("measurements", async (state) => {
    await routeThrough(agent, tunnel, INTERNET.host);
    const client = await clientEnd(agent, tunnel);
    const server = await holder(servers, tunnel);
    const end = await serverEnd(server.agent, tunnel);
    state("ping");
    const pinged = await ping(agent, tunnel.remote);
    state("the largest packet, overhead");
    const { ping: largest, ...added } = await overhead(agent, tunnel.remote, client.mtu - 28);
    state("throughput");
    const [fragments, rate] = await fragmentsDuring(agent, () =>
      throughput(agent, INTERNET.host, PORT, SECONDS),
    );
    return {
      server: server.name,
      address,
      dialSeconds,
      local: tunnel.local,
      remote: tunnel.remote,
      client,
      serverEnd: end,
      ping: pinged,
      largest: { bytes: client.mtu, sent: largest.sent, received: largest.received },
      throughput: rate,
      overhead: added,
      fragments,
    };
  });
  return { tunnel, report };
}

/** Which server holds a tunnel's session. */
export async function holder<S extends Scene["servers"][number]>(servers: S[], tunnel: Tunnel): Promise<S> {
  for (const server of servers) {
    // One that does not run holds none.
    const held = await server.agent.sh(`ip -4 -o addr show to ${tunnel.remote}`).catch(() => "");
    if (held.includes(` ${tunnel.local}/`)) return server;
  }
  throw new Error(`no server has a session with ${tunnel.local}`);
}
