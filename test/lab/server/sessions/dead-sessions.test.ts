/**
 * Clients that vanish (traps: dead-session-keeps-slot). LCP echo is every 3 s here and ends a session within 12 s,
 * where the plan's own takes 80; without any, pptpd's own echo ends it after 60 s of quiet and 60 more.
 */
import { beforeAll, expect, test } from "vitest";
import { configureClient } from "../../../../lab/client/client.ts";
import type { Tunnel } from "../../../../lab/client/dial.ts";
import { waitUntil } from "../../../../lab/host/wait.ts";
import type { Lab } from "../../../../lab/vms/lab.ts";
import { onClient, onServer, secondClient, sharedLab, thirdClient, tunnelUp } from "../../shared/lab.ts";
import { edited } from "../retuned.ts";

const OPTIONS = "/etc/ppp/pptpd-options";
const faster = (content: string) => content.replace(/^(lcp-echo-interval) \d+$/m, "$1 3");
// Debian's own /etc/ppp/options asks for an echo too: 0 is what a kernel without any would do.
const none = (content: string) => content.replaceAll(/^(lcp-echo-(?:interval|failure)) \d+$/gm, "$1 0");
const persistent = (content: string) => `${faster(content)}\npersist\n`;

const sessions = async () => Number(await onServer("ls -d /sys/class/net/ppp* 2>/dev/null | wc -l"));

/** Whether a session's interface is still there, and its pppd, which holds its slot. */
async function left({ local }: Tunnel): Promise<{ session: boolean; process: boolean }> {
  const at = local.replaceAll(".", "[.]");
  const said = await onServer(
    `ip -4 -o addr show | grep -c ' peer ${at}/'; pgrep -cf '^/usr/sbin/pppd .*:${at} '; true`,
  );
  const [session, process] = said
    .trim()
    .split("\n")
    .map((count) => count === "1");
  return { session: session!, process: process! };
}

let echo: Awaited<ReturnType<typeof left>>;
let quiet: typeof echo;
let persist: typeof echo;

/** One session of each kind, and what is left 20 s of the server's own clock after the clients have gone without a word. */
beforeAll(async () => {
  const lab: Lab = await sharedLab();
  const [second, third] = [await secondClient(), await thirdClient()];
  const dialled = {
    quiet: await edited(OPTIONS, none, () => tunnelUp()),
    persist: await edited(OPTIONS, persistent, () => tunnelUp({ namespace: second })),
    echo: await edited(OPTIONS, faster, () => tunnelUp({ namespace: third })),
  };
  const here = { session: true, process: true };
  expect([await left(dialled.quiet), await left(dialled.persist), await left(dialled.echo)]).toEqual([
    here,
    here,
    here,
  ]);
  await onClient("ip link set eth0 down");
  try {
    await onServer("sleep 20", 120_000);
    quiet = await left(dialled.quiet);
    persist = await left(dialled.persist);
    echo = await left(dialled.echo);
  } finally {
    await onServer("systemctl restart pptpd");
    await configureClient(lab.client.agent, lab.cloud.network.client);
    await onClient("systemctl stop 'pptp-dial*' 2>/dev/null || true");
  }
});

test("with LCP echo its session has ended and its slot is free", () => {
  expect(echo).toEqual({ session: false, process: false });
});

test("without LCP echo the session is still there", () => {
  expect(quiet).toEqual({ session: true, process: true });
});

test("with persist pppd stays, and keeps the slot", () => {
  expect(persist.process).toBe(true);
});

test("after all that a client has its session", async () => {
  await (await tunnelUp()).hangUp();
  await waitUntil("the end of the session", async () => (await sessions()) === 0, { timeoutMs: 20_000 });
});
