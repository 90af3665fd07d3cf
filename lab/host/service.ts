/** A daemon of the lab that others depend on: started, and waited for until it serves. */

import { type Daemon, startDaemon } from "./run.ts";
import { Gone, waitUntil } from "./wait.ts";

export interface ServiceOptions {
  /** For messages, such as `dnsmasq`. */
  name: string;
  argv: string[];
  /** The file that receives what it prints. */
  log: string;
  /** Whether it serves. */
  ready: () => Promise<boolean>;
  /** @default 30000 */
  timeoutMs?: number;
}

/** @throws Error with the end of its log where it ends early or does not serve in time. */
export async function startService({
  name,
  argv,
  log,
  ready,
  timeoutMs = 30_000,
}: ServiceOptions): Promise<Daemon> {
  const [command, ...args] = argv;
  const daemon = startDaemon(command!, args, log);
  const evidence = () => `the end of ${log}:\n${daemon.tail()}`;
  const ended = daemon.exited.then((code) => {
    throw new Gone(`${name} ended with code ${code}; ${evidence()}`);
  });
  ended.catch(() => {}); // after it has served, its end is the caller's
  try {
    await waitUntil(`${name} serves`, ready, { timeoutMs, everyMs: 100, evidence, unless: ended });
  } catch (error) {
    await daemon.stop();
    throw error;
  }
  return daemon;
}
