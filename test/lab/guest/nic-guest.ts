/**
 * A machine of four CPUs with the files that set a server's cards, as the tests of nic.test.ts want it:
 *
 *   this namespace                    guest, 4 CPUs
 *   nic0 100.64.77.1 ═══ 4 queues ═══ eth0 100.64.77.2
 *   nic1             ─── 1 queue ──── eth1
 */
import { cpSync, mkdirSync, mkdtempSync } from "node:fs";
import { dirname, join } from "node:path";
import { acceleration } from "../../../lab/accel.ts";
import { type Guest, startGuest } from "../../../lab/guest.ts";
import { toolsImage } from "../../../lab/image.ts";
import { run } from "../../../lab/run.ts";
import { renderOverlay } from "../../../render/overlay.ts";

export const GUEST_ADDRESS = "100.64.77.2";
const HOST_ADDRESS = "100.64.77.1";

const ETH0 = { tap: "nic0", mac: "02:00:00:00:77:00", queues: 4 };
const ETH1 = { tap: "nic1", mac: "02:00:00:00:77:01" };

const TEMPLATES = join(import.meta.dirname, "../../../templates/server");
const FILES = [
  "usr/local/sbin/pptp-fleet-nic",
  "etc/systemd/system/pptp-fleet-nic@.service.hbs",
  "etc/udev/rules.d/90-pptp-fleet-nic.rules",
  "etc/ppp/ip-up.d/pptp-fleet.hbs",
];

/** What a crash of the emulated kernel costs is another boot (lab/guest.ts). */
const ATTEMPTS = 3;

/** @param nic what the templates may ask for as `nic`. */
export async function startNicGuest(nic: object): Promise<Guest> {
  await run("ip", ["tuntap", "add", ETH0.tap, "mode", "tap", "multi_queue"]);
  await run("ip", ["tuntap", "add", ETH1.tap, "mode", "tap"]);
  await run("ip", ["address", "add", `${HOST_ADDRESS}/24`, "dev", ETH0.tap]);
  await run("ip", ["link", "set", ETH0.tap, "up"]);
  await run("ip", ["neighbour", "add", GUEST_ADDRESS, "lladdr", ETH0.mac, "dev", ETH0.tap]);
  const image = await toolsImage();
  const accel = await acceleration(image);
  for (let attempt = 1; ; attempt++) {
    const guest = await startGuest({
      ...{ name: "nic", boot: { kind: "tools", image }, disk: image.disk, memoryMiB: 512, cpus: 4 },
      ...{ nics: [ETH0, ETH1], accel, runDir: mkdtempSync("/run/nic-") },
    });
    try {
      await guest.ready();
      await lay(guest, nic);
      return guest;
    } catch (error) {
      await guest.stop();
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

export async function stopNicGuest(guest: Guest | undefined): Promise<void> {
  await guest?.stop();
  for (const { tap } of [ETH0, ETH1]) await run("ip", ["link", "delete", tap], { mayFail: true });
}

/** Writes the rendered files, as cloud-init does. */
async function lay({ agent }: Guest, nic: object): Promise<void> {
  const tree = mkdtempSync("/run/nic-overlay-");
  for (const file of FILES) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    cpSync(join(TEMPLATES, file), join(tree, file));
  }
  for (const { path, permissions, content } of renderOverlay(tree, { nic })) {
    const write = `mkdir -p ${dirname(path)} && cat >${path} && chmod ${permissions} ${path}`;
    const { code, stderr } = await agent.exec(["/bin/bash", "-c", write], { input: content });
    if (code !== 0) throw new Error(`${path}: ${stderr}`);
  }
}
