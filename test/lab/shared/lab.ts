/** The lab that all tests with guests share: one stack, one first boot. It ends with the namespace it runs in. */

import { addClient } from "../../../lab/client/client.ts";
import { type Dial, type DialResult, dial, type Tunnel } from "../../../lab/client/dial.ts";
import { Phases } from "../../../lab/host/phases.ts";
import { run } from "../../../lab/host/run.ts";
import { addressAt } from "../../../lab/network/addresses.ts";
import { type Lab, type LabOptions, startLab } from "../../../lab/vms/lab.ts";
import type { Account } from "../../../settings/keys/accounts.ts";
import { LOOK_AND_NO_MORE } from "./look.ts";

let lab: Promise<Lab> | undefined;

/**
 * The dev stack's server behind an Elastic IP of its own, up and ready; started by the first test file that asks. A
 * server's files are the same behind either front door.
 *
 * Tests change files and units by hand, which its next look at its bundle would put right: whoever wants one, begins it.
 *
 * @param on What its machines run on. @default the fastest that works, which may lack a boot loader and Debian's kernel
 */
export function sharedLab(on?: LabOptions["on"]): Promise<Lab> {
  lab ??= startLab({
    stack: "dev",
    config: ["frontDoor=eip"],
    phases: new Phases(),
    ...(on ? { on } : {}),
  }).then(async (started) => {
    await Promise.all(started.servers.map(({ agent }) => agent.sh(LOOK_AND_NO_MORE, { timeoutMs: 300_000 })));
    return started;
  });
  return lab;
}

/**
 * Another machine in the first server's place: on a disk that a power cut leaves (`Lab.powerCut`), looking at its bundle by
 * itself; or as the lab began it, which whoever has asked for the other puts back.
 */
export async function replaceServer({ keeps = true } = {}): Promise<void> {
  const { replace, servers } = await sharedLab();
  await replace(0, keeps);
  if (!keeps) await servers[0]!.agent.sh(LOOK_AND_NO_MORE, { timeoutMs: 300_000 });
}

/** What a script prints on the first server. @throws Error where it fails. */
export async function onServer(script: string, timeoutMs = 60_000): Promise<string> {
  const { servers } = await sharedLab();
  return servers[0]!.agent.sh(script, { timeoutMs });
}

/** What the client prints of a script. @throws Error where it fails. */
export async function onClient(script: string, timeoutMs = 60_000): Promise<string> {
  const { client } = await sharedLab();
  return client.agent.sh(script, { timeoutMs });
}

export interface Call extends Partial<Omit<Dial, "server" | "user" | "password">> {
  /** @default the lab's own */
  account?: Account;
}

/** The client dials the first server. */
export async function call({ account, ...options }: Call = {}): Promise<DialResult> {
  const lab = await sharedLab();
  const { name: user, password } = account ?? lab.account;
  const { publicAddress: server } = lab.fleet.machines[0]!;
  return dial(lab.client.agent, { server, user, password, ...options });
}

/** The same, where it must succeed. */
export async function tunnelUp(options: Call = {}): Promise<Tunnel> {
  const result = await call(options);
  if (!result.up) throw new Error(`${result.failure.stage}: ${result.failure.reason}\n${result.failure.log}`);
  return result.tunnel;
}

/** How many packets the server's rule with this comment has counted. @throws Error where there is no such rule. */
export async function counted(comment: string): Promise<number> {
  const rules = await onServer("nft list table inet pptp_fleet");
  const found = new RegExp(`counter packets (\\d+) bytes \\d+ .*comment "${comment}"`).exec(rules);
  if (!found) throw new Error(`no rule counts "${comment}"`);
  return Number(found[1]);
}

/** A second client, with an address of its own: the network namespace of this name on the client's machine. */
export const secondClient = (): Promise<string> => further("second", 1);

export const thirdClient = (): Promise<string> => further("third", 2);

const clients = new Map<string, Promise<void>>();

/** The client whose address is `after` places after the first's. @returns its namespace: `name`. */
async function further(name: string, after: number): Promise<string> {
  if (!clients.has(name)) clients.set(name, added(name, after));
  await clients.get(name);
  return name;
}

async function added(name: string, after: number): Promise<void> {
  const { client, cloud } = await sharedLab();
  const { address, router, tap } = cloud.network.client;
  const next = addressAt(`${address}/24`, Number(address.split(".")[3]) + after);
  await run("ip", ["route", "add", `${next}/32`, "dev", tap]);
  await addClient(client.agent, name, { address: next, router });
}
