/** The lab that all tests with guests share: one stack, one first boot. It ends with the namespace it runs in. */
import { type DialResult, dial, type Tunnel } from "../../../lab/dial.ts";
import { type Lab, startLab } from "../../../lab/lab.ts";
import { Phases } from "../../../lab/phases.ts";
import type { Account } from "../../../settings/accounts.ts";

let lab: Promise<Lab> | undefined;

/** The dev stack, up and ready; started by the first test file that asks. */
export function sharedLab(): Promise<Lab> {
  lab ??= startLab({ stack: "dev", phases: new Phases() });
  return lab;
}

/** What a script prints on the first server. @throws Error where it fails. */
export async function onServer(script: string, timeoutMs = 60_000): Promise<string> {
  const { servers } = await sharedLab();
  return servers[0]!.agent.sh(script, { timeoutMs });
}

/** The client dials the first server with the lab's account, or another. */
export async function call(account?: Account): Promise<DialResult> {
  const lab = await sharedLab();
  const { name: user, password } = account ?? lab.account;
  return dial(lab.client.agent, { server: lab.fleet.machines[0]!.publicAddress, user, password });
}

/** The same, where it must succeed. */
export async function tunnelUp(account?: Account): Promise<Tunnel> {
  const result = await call(account);
  if (!result.up) throw new Error(`${result.failure.stage}: ${result.failure.reason}\n${result.failure.log}`);
  return result.tunnel;
}
