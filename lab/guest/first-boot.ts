/** A server's way from the image to serving, watched from the lab's console. */

import type { Report } from "../host/phases.ts";
import { waitUntil } from "../host/wait.ts";
import type { Guest } from "./guest.ts";

/** The unit that is active only while tunnels can be dialled. */
export const READY_UNIT = "pptp-fleet-ready.service";

/** The unit that fetches the bundle and makes the machine what it says, at the first boot and once a minute. */
const APPLY_UNIT = "pptp-fleet-apply.service";

/** Without a step that shows: the longest under emulation is the kernel package's initramfs, of a minute or two. */
const TIMEOUT_MS = 10 * 60_000;

/** Emulated, a look is the work of a second, and what boots has one CPU: it gets two thirds of it. */
const LOOKS = { everyMs: 3_000, rest: 2 };

/** Waits until the server says that it serves, and tells what it is at until then. */
export async function firstBoot(server: Guest, report: Report): Promise<void> {
  const probe = async (step: (doing: string) => void) => {
    const progress = server.agent.sh(PROGRESS, { timeoutMs: 20_000 });
    // Before the agent runs, the serial line is all there is to see.
    const tell = (doing: string) => {
      step(doing);
      report(doing);
    };
    progress.catch(() => tell(server.serialTail(1)));
    const [state, kernel, ...doing] = (await progress).trim().split("\n");
    tell(`${kernel}: ${doing.join(" ")}`);
    return state === "active";
  };
  await waitUntil(`${server.name}: ${READY_UNIT}`, probe, {
    ...{ timeoutMs: TIMEOUT_MS, ...LOOKS },
    unless: server.lost,
    evidence: async () => `${await server.agent.sh(EVIDENCE).catch(String)}\n${server.serialTail()}`,
  });
}

/** Waits until nothing of the boot is under way any more: it goes on for a while after the server serves. */
export async function bootsEnd(server: Guest, report: Report): Promise<void> {
  const probe = async (step: (doing: string) => void) => {
    const [state, ...doing] = (await server.agent.sh(ENDED, { timeoutMs: 20_000 })).trim().split("\n");
    step(doing.join(" "));
    report(doing.join(" "));
    return state === "ended";
  };
  await waitUntil(`${server.name}: the end of its first boot`, probe, {
    ...{ timeoutMs: TIMEOUT_MS, ...LOOKS, unless: server.lost },
    evidence: () => server.agent.sh(EVIDENCE).catch(String),
  });
}

/** What a machine is at, for `sh`, in a line without a single quote: the last of apt or dpkg, and the last that its apply has said. */
export const DOING = `{ ls -t /var/log/apt/term.log /var/log/dpkg.log | head -n 1 | xargs -r tail -qn 1
  journalctl -b -q -o cat -n 1 -u ${APPLY_UNIT}; } 2>/dev/null | tr "\\n" " " || true`;

/** cloud-init writes its result when all of its stages have come to an end. The apply comes again each minute. */
const ENDED = `test -e /run/cloud-init/result.json && ! systemctl list-jobs --no-legend | grep -qv ${APPLY_UNIT} && echo ended || echo boots
  ${DOING}`;

const PROGRESS = `systemctl is-active ${READY_UNIT} || true
  uname -r
  ${DOING}`;

/** Why one does not serve, for `sh`. */
export const EVIDENCE = `cloud-init status --long
  systemctl --failed --no-legend
  journalctl -b -q -o cat -n 20 -u ${APPLY_UNIT} -u ${READY_UNIT}
  tail -n 20 /var/log/cloud-init-output.log
  cat /var/lib/pptp-fleet/status.json`;
