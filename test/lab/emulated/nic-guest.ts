/**
 * A machine of four CPUs on Debian 13's kernel, with the files that set a server's cards and nothing else of ours. The files
 * of tests that ask for it share one; it ends with the namespace it runs in.
 *
 *   this namespace                    guest, 4 CPUs
 *   nic0 100.64.77.1 ═══ 4 queues ═══ eth0 100.64.77.2
 *   nic1             ─── 1 queue ──── eth1
 */
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { wholeMachine } from "../../../lab/guest/accel.ts";
import { bootGuest } from "../../../lab/guest/boot.ts";
import type { Guest } from "../../../lab/guest/guest.ts";
import { run } from "../../../lab/host/run.ts";
import { toolsImage } from "../../../lab/image/image.ts";
import { renderOverlay } from "../../../render/overlay.ts";
import { nic } from "../../../templates/nic/part.ts";
import { pppQueue } from "../../../templates/ppp-queue/part.ts";

export const GUEST_ADDRESS = "100.64.77.2";
const HOST_ADDRESS = "100.64.77.1";

const ETH0 = { tap: "nic0", mac: "02:00:00:00:77:00", queues: 4 };
const ETH1 = { tap: "nic1", mac: "02:00:00:00:77:01" };

const PARTS = [nic, pppQueue];

/** What the templates may ask for as `nic`. */
const WISHES = {
  ...{ queues: 4, irq: "spread", rps: "on", xps: "on", ring: "max", moderation: "adaptive" },
  ...{ gro: "on", gso: "on", tso: "off", qdisc: "fq_codel", governor: "performance", txqueuelen: 100 },
};

let guest: Promise<Guest> | undefined;

export function sharedNicGuest(): Promise<Guest> {
  guest ??= started();
  return guest;
}

async function started(): Promise<Guest> {
  await run("ip", ["tuntap", "add", ETH0.tap, "mode", "tap", "multi_queue"]);
  await run("ip", ["tuntap", "add", ETH1.tap, "mode", "tap"]);
  await run("ip", ["address", "add", `${HOST_ADDRESS}/24`, "dev", ETH0.tap]);
  await run("ip", ["link", "set", ETH0.tap, "up"]);
  await run("ip", ["neighbour", "add", GUEST_ADDRESS, "lladdr", ETH0.mac, "dev", ETH0.tap]);
  const image = await toolsImage();
  const [accel, runDir] = [await wholeMachine(image), mkdtempSync("/run/nic-")];
  return bootGuest({
    ...{ name: "nic", boot: { kind: "tools", image }, disk: image.disk, memoryMiB: 512, cpus: 4 },
    ...{ nics: [ETH0, ETH1], accel, runDir, payload: rendered(runDir) },
    upTo: (guest) => guest.ready(),
  });
}

/** The rendered files where they belong. */
function rendered(runDir: string): string {
  const root = join(runDir, "root");
  const files = PARTS.flatMap(({ folder }) => renderOverlay(join(folder, "files"), { nic: WISHES }));
  for (const { path, permissions, content } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    chmodSync(join(root, path), Number.parseInt(permissions, 8));
  }
  return root;
}
