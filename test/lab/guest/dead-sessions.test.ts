/**
 * Clients that vanish (trap 10). LCP echo is every 3 s here and ends a session within 12 s, where the plan's own takes
 * 80; without any, pptpd's own echo ends it after 60 s of quiet and 60 more.
 */
import { beforeAll, expect, test } from "vitest";
import { configureClient } from "../../../lab/client.ts";
import type { Lab } from "../../../lab/lab.ts";
import { waitUntil } from "../../../lab/wait.ts";
import { edited } from "./retuned.ts";
import { onClient, onServer, sharedLab, tunnelUp } from "./shared-lab.ts";

const OPTIONS = "/etc/ppp/pptpd-options";
const faster = (content: string) => content.replace(/^(lcp-echo-interval) \d+$/m, "$1 3");
const sessions = async () => Number(await onServer("ls -d /sys/class/net/ppp* 2>/dev/null | wc -l"));
const processes = async () => Number(await onServer("pgrep -cx pppd || true"));

let lab: Lab;
beforeAll(async () => {
  lab = await sharedLab();
});

/** What is left of a session, 20 s of the server's own clock after its client has gone without a word. */
async function leftAfterVanishing() {
  await tunnelUp();
  await onClient("ip link set eth0 down");
  try {
    await onServer("sleep 20", 120_000);
    return { sessions: await sessions(), processes: await processes() };
  } finally {
    await onServer("systemctl restart pptpd");
    await configureClient(lab.client.agent, lab.cloud.network.client);
    await onClient("systemctl stop pptp-dial 2>/dev/null || true");
  }
}

test("with LCP echo its session has ended and its slot is free", async () => {
  const left = await edited(OPTIONS, faster, leftAfterVanishing);
  expect(left).toEqual({ sessions: 0, processes: 0 });
});

test("without LCP echo the session is still there", async () => {
  // Debian's own /etc/ppp/options asks for an echo too: 0 is what a kernel without any would do.
  const none = (content: string) => content.replaceAll(/^(lcp-echo-(?:interval|failure)) \d+$/gm, "$1 0");
  const left = await edited(OPTIONS, none, leftAfterVanishing);
  expect(left).toEqual({ sessions: 1, processes: 1 });
});

test("with persist pppd stays, and keeps the slot", async () => {
  const left = await edited(OPTIONS, (content) => `${faster(content)}\npersist\n`, leftAfterVanishing);
  expect(left.processes).toBe(1);
});

test("after all that a client has its session", async () => {
  await (await tunnelUp()).hangUp();
  await waitUntil("the end of the session", async () => (await sessions()) === 0, { timeoutMs: 20_000 });
});
