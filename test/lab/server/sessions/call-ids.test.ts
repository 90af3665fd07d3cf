/** The call IDs that a server hands out: pptpd's own numbers would lead the gateway to no server, or to another's session. */
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Tunnel } from "../../../../lab/client/dial.ts";
import { waitUntil } from "../../../../lab/host/wait.ts";
import { recordedPlan } from "../../../../offline/machines.ts";
import type { CallIds } from "../../../../plan/place/call-ids.ts";
import { CALL_IDS_PER_SERVER } from "../../../../protocols/pptp/call-ids.ts";
import { onServer, secondClient, sharedLab, tunnelUp } from "../../shared/lab.ts";

let own: CallIds;
beforeAll(async () => {
  own = recordedPlan((await sharedLab()).run).servers[0]!.callIds;
});

const up: Tunnel[] = [];
afterEach(async () => {
  for (const tunnel of up.splice(0)) await tunnel.hangUp();
});

/** What each session's process calls itself: `pptpd [198.51.100.1:0001 - 0400]`, the client's call ID and ours. */
async function titles(): Promise<string[]> {
  const said = await onServer("ps -o args= -C pptpctrl || true");
  // The health check's has no call.
  return said
    .split("\n")
    .filter((line) => line.includes(" - "))
    .map((line) => line.trim());
}
const ids = async () =>
  (await titles()).map((title) => Number.parseInt(/ - ([0-9A-F]{4})\]$/.exec(title)![1]!, 16));

/** Runs `work` while a program holds the locks of the slots for which `held`, of Python's `slot`, is true. */
async function whileHeld<T>(held: string, work: () => Promise<T>): Promise<T> {
  const script = `import fcntl, time
files = [open(f"/run/pptp-fleet/call-ids/{slot}", "w") for slot in range(${CALL_IDS_PER_SERVER}) if ${held}]
for file in files:
    # One that a live session has is held already.
    try: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError: pass
print("held", flush=True); time.sleep(600)`;
  await onServer(`mkdir -p /run/pptp-fleet/call-ids
    systemd-run --quiet --collect --unit=hold -p StandardOutput=file:/run/hold python3 -c '${script}'
    for i in $(seq 100); do grep -q held /run/hold && break; sleep 0.2; done`);
  try {
    return await work();
  } finally {
    await onServer("systemctl stop hold; rm -f /run/hold");
  }
}

describe("call IDs", () => {
  test("are of the server's own range, and no two live sessions share one", async () => {
    up.push(await tunnelUp());
    up.push(await tunnelUp({ namespace: await secondClient() }));
    const seen = await ids();
    expect(seen).toHaveLength(2);
    expect(new Set(seen).size).toBe(2);
    expect(seen.filter((id) => id < own.first || id > own.last || id % 2 !== 0)).toEqual([]);
  });

  test("stand in the title of the session's process, whole, as pptpd's own path would have room for", async () => {
    up.push(await tunnelUp());
    expect(await titles()).toEqual([expect.stringMatching(/^pptpd \[[\d.]+:[0-9A-F]{4} - [0-9A-F]{4}\]$/)]);
  });

  test("leave out each that a live session holds, whatever number pptpd has come to", async () => {
    await whileHeld("slot % 64 != 40", async () => {
      up.push(await tunnelUp());
      const [id] = await ids();
      expect(((id! - own.first) / 2) % 64).toBe(40);
    });
  });

  test("are free again once a session has ended", async () => {
    const tunnel = await tunnelUp();
    const slot = ((await ids())[0]! - own.first) / 2;
    const free = async () =>
      (await onServer(`flock -n /run/pptp-fleet/call-ids/${slot} echo free || true`)).trim() === "free";
    expect(await free()).toBe(false);
    await tunnel.hangUp();
    await waitUntil(`slot ${slot}`, free, { timeoutMs: 30_000 });
  });
});

describe("the wrapper of pptpctrl", () => {
  test("stays when Debian's package comes again, which lands where the wrapper starts it", async () => {
    const sum = () => onServer("sha256sum </usr/sbin/pptpctrl");
    const before = await sum();
    await onServer(
      "DEBIAN_FRONTEND=noninteractive apt-get -qy -o DPkg::Lock::Timeout=300 install --reinstall pptpd",
      280_000,
    );
    expect(await sum()).toBe(before);
    expect(
      await onServer("dpkg -S /usr/sbin/pptpctrl; head -c 4 /usr/lib/pptpd/pptpctrl | tail -c 3"),
    ).toContain("ELF");
    up.push(await tunnelUp());
  });
});
