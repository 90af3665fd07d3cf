/** A tunnel that is in use while the fleet changes: pings, and a TCP connection to a host on the internet. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { pptpSaid, type Tunnel } from "../../../lab/client/dial.ts";
import { routeThrough } from "../../../lab/client/measure.ts";
import { startService } from "../../../lab/host/service.ts";
import { waitUntil } from "../../../lab/host/wait.ts";
import { inInternet, listens } from "../../../lab/network/internet.ts";
import { INTERNET } from "../../../lab/network/topology.ts";
import type { ClientName } from "../../../lab/vpc/network/internet.ts";
import { A1, quiet, serverOf, sharedVpc, tunnelUp } from "./vpc.ts";

const TRAFFIC = readFileSync(join(import.meta.dirname, "traffic.py"));
const ECHO = join(import.meta.dirname, "echo.py");
const PORT = 5001;
const STOP = "/run/lab/traffic-stop";

export interface Carried {
  /** Pings of the server's address inside. */
  sent: number;
  received: number;
  /** What came back over TCP, and whether that is all that was sent, unharmed. */
  bytes: number;
  whole: boolean;
  /** Seconds: the longest time in which nothing came back over TCP. */
  silence: number;
}

/** A client with Debian's own limits gives a server up after two minutes; the servers' own is in vpc.ts. */
export const PATIENT = ["lcp-echo-failure 30"];

/**
 * What a tunnel to a-1 carries while `work` runs; both kinds of traffic flow before it begins and after it has ended.
 *
 * @throws Error where the session does not outlive it.
 */
export async function used(work: () => Promise<unknown>): Promise<Carried> {
  const lab = await sharedVpc();
  await quiet();
  await lab.network.stick(lab.where.client, A1);
  const tunnel = await tunnelUp({ options: PATIENT });
  try {
    const carried = await carriedDuring(tunnel, work);
    expect(await alive()).toBe(true);
    expect(await serverOf(tunnel)).toBe("a-1");
    return carried;
  } finally {
    await tunnel.hangUp();
  }
}

/** The same, for a tunnel of `client` that is up. @throws Error where the session does not outlive `work`. */
async function carriedDuring(tunnel: Tunnel, work: () => Promise<unknown>): Promise<Carried> {
  const { clients, runDir } = await sharedVpc();
  const { client } = clients;
  const echo = await startService({
    name: "the echo",
    argv: inInternet(["python3", ECHO, INTERNET.host, `${PORT}`]),
    log: join(runDir, "echo.log"),
    ready: () => listens(INTERNET.host, PORT),
  });
  try {
    await routeThrough(client, tunnel, INTERNET.host);
    await client.sh(`rm -f ${STOP} ${STOP}.*`);
    const running = client.exec(["python3", "-", tunnel.remote, INTERNET.host, `${PORT}`, STOP], {
      ...{ input: TRAFFIC, timeoutMs: 1_800_000 },
    });
    const ended = running.then(({ stderr }): never => {
      throw new Error(`the traffic ended: ${stderr}`);
    });
    ended.catch(() => {});
    const begun = async () => (await client.exec(["test", "-e", `${STOP}.begun`])).code === 0;
    try {
      await waitUntil("traffic", begun, { timeoutMs: 60_000, unless: ended });
      await work();
      if (!(await alive()))
        throw new Error(`the session has ended:\n${await client.sh(pptpSaid("pptp-dial-client"))}`);
    } catch (error) {
      await client.sh(`touch ${STOP}.now`);
      await running;
      throw error;
    }
    await client.sh(`touch ${STOP}`);
    const { code, stdout, stderr } = await running;
    if (code !== 0) throw new Error(`the traffic broke: ${stderr}`);
    return JSON.parse(stdout);
  } finally {
    await echo.stop();
  }
}

/** Waits until the transfer of `used` has brought more than it had: who stops it is known then. @throws Error where none comes. */
export async function goesOn(): Promise<void> {
  const { client } = (await sharedVpc()).clients;
  const came = async () => Number(await client.sh(`cat ${STOP}.came`));
  const before = await came();
  await waitUntil("more of the transfer", async () => (await came()) > before, {
    timeoutMs: 60_000,
    evidence: () => client.sh(pptpSaid("pptp-dial-client")),
  });
}

/** Whether a client's pppd, which dials once, still runs. */
export async function alive(name: ClientName = "client"): Promise<boolean> {
  const client = (await sharedVpc()).clients[name];
  return (await client.sh(`systemctl is-active pptp-dial-${name} || true`)).trim() === "active";
}
