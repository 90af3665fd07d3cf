/** The legs inside the tunnel: a ping of the server's inner address, and the largest packet that passes. */
import { pptp } from "../../protocols/pptp/pptp.ts";
import type { DialingMachine } from "../machines/dialing-machine.ts";
import type { Addresses } from "../pppd/log.ts";
import type { Evidence } from "./evidence.ts";
import type { Log } from "./legs.ts";

/** IPv4 and ICMP headers of a ping, in bytes. */
const HEADERS = 28;
const { overhead } = pptp;
/** What every IPv4 path carries whole, less a tunnel's bytes: below it the search does not go. */
const LEAST = 576 - overhead.most;

export async function innerLegs(
  machine: DialingMachine,
  tunnel: Addresses,
  log: Log,
  evidence: Evidence,
): Promise<void> {
  const pinged = await ping(machine, tunnel, 84, 5);
  if (pinged.received === 0) {
    log.add("ping", "failed", `${tunnel.remote} answers none of 5 pings${pinged.said}`);
    return;
  }
  log.add("ping", "ok", `${tunnel.remote} answers ${pinged.received} of 5${pinged.rtt}`);

  const mtu = await mtuOf(machine, tunnel.interface);
  const passed = await largest(
    LEAST,
    mtu,
    async (bytes) => (await ping(machine, tunnel, bytes, 3)).received > 0,
  );
  evidence.largest = { passed, mtu };
  if (passed === mtu)
    log.add(
      "largest",
      "ok",
      `${passed} bytes, the interface's MTU; at most ${passed + overhead.most} on the path`,
    );
  else if (passed < LEAST)
    log.add("largest", "failed", `not even ${LEAST} bytes pass, and the MTU says ${mtu}`);
  else
    log.add(
      "largest",
      "failed",
      `${passed} bytes (${passed + overhead.least} on the path), and the MTU says ${mtu}`,
    );
}

/**
 * The largest size from `least` to `most` that passes, one below `least` where none does. It takes for granted that
 * whatever is smaller than a size that passes, passes too.
 */
export async function largest(
  least: number,
  most: number,
  passes: (bytes: number) => Promise<boolean>,
): Promise<number> {
  if (await passes(most)) return most;
  let [low, high] = [least - 1, most]; // `high` does not pass
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await passes(middle)) low = middle;
    else high = middle;
  }
  return low;
}

interface Pinged {
  received: number;
  /** `, 12.3 ms on average`, or nothing. */
  rtt: string;
  /** What ping said went wrong. */
  said: string;
}

/** Pings with IP packets of `bytes`, DF set, through the tunnel's interface. */
async function ping(
  machine: DialingMachine,
  { interface: name, remote }: Addresses,
  bytes: number,
  count: number,
): Promise<Pinged> {
  const options = ["-n", "-q", "-M", "do", "-I", name, "-i", "0.3", "-W", "2"];
  const argv = ["ping", ...options, "-c", `${count}`, "-s", `${bytes - HEADERS}`, remote];
  return pingOf(await machine.runAsRoot(argv, { timeoutMs: 30_000 }));
}

/** What `ping -q` said. */
export function pingOf({ stdout, stderr }: { stdout: string; stderr: string }): Pinged {
  const received = Number(stdout.match(/ (\d+) (?:packets )?received/)?.[1] ?? 0);
  const average = stdout.match(/= [\d.]+\/([\d.]+)\//)?.[1];
  const [wrong = ""] = stderr.trim().split("\n");
  return {
    received,
    rtt: average === undefined ? "" : `, ${average} ms on average`,
    said: wrong === "" ? "" : `; ${wrong}`,
  };
}

async function mtuOf(machine: DialingMachine, name: string): Promise<number> {
  const { stdout } = await machine.run(["/bin/cat", `/sys/class/net/${name}/mtu`]);
  const mtu = Number(stdout);
  if (!(mtu > 0)) throw new Error(`the interface ${name} has gone while it was measured`);
  return mtu;
}
