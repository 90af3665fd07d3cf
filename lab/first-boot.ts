/** A server's way from the image to serving, watched from the lab's console. */
import type { Guest } from "./guest.ts";
import type { Report } from "./phases.ts";
import { waitUntil } from "./wait.ts";

/** The unit that is active only while tunnels can be dialled. */
export const READY_UNIT = "pptp-fleet-ready.service";

/** Natively about a minute; emulated on two cores 3 to 8, and longer beside other work. */
const TIMEOUT_MS = 20 * 60_000;

/** Waits until the server says that it serves, and tells what it is at until then. */
export async function firstBoot(server: Guest, report: Report): Promise<void> {
  const probe = async () => {
    const progress = server.agent.sh(PROGRESS, { timeoutMs: 20_000 });
    // Before the agent runs, the serial line is all there is to see.
    progress.catch(() => report(server.serialTail(1)));
    const [state, kernel, ...doing] = (await progress).trim().split("\n");
    report(`${kernel}: ${doing.join(" ")}`);
    return state === "active";
  };
  await waitUntil(`${server.name}: ${READY_UNIT}`, probe, {
    timeoutMs: TIMEOUT_MS,
    everyMs: 3_000,
    unless: server.lost,
    evidence: async () => `${await server.agent.sh(EVIDENCE).catch(String)}\n${server.serialTail()}`,
  });
}

const PROGRESS = `systemctl is-active ${READY_UNIT} || true
  uname -r
  tail -n 1 /var/log/cloud-init-output.log 2>/dev/null || true`;

const EVIDENCE = `cloud-init status --long
  systemctl --failed --no-legend
  journalctl -b -q -o cat -n 10 -u ${READY_UNIT}
  tail -n 20 /var/log/cloud-init-output.log`;
