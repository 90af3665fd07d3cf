/** pptpd's unit: what it may use, and what it can reach (systemd.exec(5)). */
import { expect, test } from "vitest";
import { waitUntil } from "../../../lab/host/wait.ts";
import { fixed } from "../../../plan/tunings/fixed.ts";
import { onServer, secondClient, tunnelUp } from "../shared/lab.ts";
import { edited } from "./retuned.ts";

test("pptpd runs with the unit's limits, and so do its sessions", async () => {
  const tunnel = await tunnelUp();
  const seen = await onServer(`for name in pptpd pppd; do pid=$(pgrep -ox $name)
    awk '/^Max open files/ { print $4 }' /proc/$pid/limits
    cat /proc/$pid/oom_score_adj; done`);
  await tunnel.hangUp();
  const { limitNofile, oomScoreAdjust } = fixed;
  const one = [limitNofile, oomScoreAdjust].map(({ value }) => String(value));
  expect(seen.trim().split("\n")).toEqual([...one, ...one]);
});

test("pptpd is exposed less than as Debian ships it, by systemd's own reckoning", async () => {
  const exposure = async (root: string) =>
    Number(
      /exposure level for pptpd.service: ([\d.]+)/.exec(
        await onServer(
          `systemd-analyze security --no-pager --offline=true ${root} pptpd.service | tail -n 1`,
        ),
      )?.[1],
    );
  const ours = await exposure("");
  // Debian's unit alone, in a root of its own.
  const debian = await exposure(
    "--root=$(d=$(mktemp -d); install -D /usr/lib/systemd/system/pptpd.service $d/usr/lib/systemd/system/pptpd.service; cp -r --parents /usr/lib/systemd/system/*.target $d 2>/dev/null; echo $d)",
  );
  expect(debian).toBeGreaterThan(9);
  expect(ours).toBeLessThan(3.5);
});

test("pppd logs no complaint about its sandbox", async () => {
  await (await tunnelUp()).hangUp();
  const log = await onServer("journalctl -q -b -o cat -t pppd -t pptpd");
  expect(log.split("\n").filter((line) => /denied|not permitted|read-only/i.test(line))).toEqual([]);
});

test("a session ends with its pptpd, as the next one deals its address out again", async () => {
  const namespace = await secondClient();
  const sessions = async () => Number(await onServer("pgrep -cx pppd || true"));
  const restart = () =>
    onServer(`systemctl restart pptpd
      for i in $(seq 50); do ss -Hltn 'sport = :1723' | grep -q . && break; sleep 0.2; done`);
  const left = (content: string) => content.replace("KillMode=control-group", "KillMode=process");
  // An address is free once pptpd has heard of its call's end, after the client has.
  const none = async () => (await onServer("ps -C pppd,pptpctrl -o pid= || true")).trim() === "";
  await waitUntil("a server without a call", none, { timeoutMs: 30_000 });
  await edited("/etc/systemd/system/pptpd.service.d/pptp-fleet.conf", left, async () => {
    const first = await tunnelUp();
    await restart();
    const second = await tunnelUp({ namespace });
    const there = await sessions();
    await second.hangUp();
    await first.hangUp();
    expect([there, second.local]).toEqual([2, first.local]);
  });
  const tunnel = await tunnelUp();
  expect(await sessions()).toBe(1);
  await restart();
  await waitUntil("the end of the session", async () => (await sessions()) === 0, { timeoutMs: 15_000 });
  await tunnel.hangUp();
});
