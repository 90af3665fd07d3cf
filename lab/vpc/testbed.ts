/**
 * The testbed of a VPC, all of its lab but the machines: the guest whose namespaces become the VPC, and what lies outside
 * of it.
 *
 *     Vpc ─▶ guest (nothing in it yet: network/ builds)  ── lab-net, lab-aws ──  AWS's stand-ins (host.ts)
 *
 * Runs inside `enter.ts` only: all of it goes with the namespace.
 */

import { cpSync, mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { virtualization } from "../guest/accel.ts";
import { bootGuest } from "../guest/boot.ts";
import type { Guest } from "../guest/guest.ts";
import type { Phases } from "../host/phases.ts";
import { authority, toolsImage } from "../image/image.ts";
import { MACHINE_ROOT } from "../image/machine-root.ts";
import { buildLinks, type Host, startHost } from "./host.ts";
import { type Outside, outside } from "./network/internet.ts";
import { VpcNetwork } from "./network/network.ts";
import { AWS_LINK, NET_LINK, PROGRAMS } from "./network/topology.ts";
import type { Vpc } from "./vpc.ts";

export interface TestbedOptions {
  phases: Phases;
  /** @default 3072: five containers take 900 */
  memoryMiB?: number;
}

export interface Testbed {
  guest: Guest;
  host: Host;
  /** Not built yet. */
  network: VpcNetwork;
  where: Outside;
  /** Sockets and logs. */
  runDir: string;
  stop(): Promise<void>;
}

/** @throws Error that says which part did not come up; the others are ended. */
export async function startTestbed(vpc: Vpc, { phases, memoryMiB = 3072 }: TestbedOptions): Promise<Testbed> {
  const where = outside(vpc);
  const { instanceType } = vpc.machines[0]!;
  const image = await phases.run("image of the fleet's guest", toolsImage);
  const accel = await virtualization(phases, image);
  const runDir = mkdtempSync("/run/pptp-fleet-lab-");
  const ca = await authority();
  await buildLinks(vpc, where);
  let guest: Guest | undefined;
  const hostReady = phases.run("AWS's stand-ins", () => startHost(vpc, runDir, ca));
  const stop = async () => {
    await guest?.stop();
    await hostReady.then((host) => host.stop()).catch(() => {});
  };
  try {
    const payload = programs(runDir, ca.certificate);
    const guestReady = phases.run("guest's boot", (report) =>
      bootGuest({
        ...{ name: "fleet", boot: { kind: "tools", image, instanceType }, disk: image.disk, payload },
        ...{ memoryMiB, cpus: 1, accel, runDir, report },
        nics: [NET_LINK, AWS_LINK].map(({ tap, mac }) => ({ tap, mac })),
        started: (started) => {
          guest = started;
        },
        upTo: async (guest) => {
          await guest.ready();
          await guest.agent.sh(PREPARE, { timeoutMs: 600_000 });
        },
      }),
    );
    const [host, booted] = await Promise.all([hostReady, guestReady]);
    return { guest: booted, host, network: new VpcNetwork(booted.agent), where, runDir, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const PREPARE = `mkdir -p /run/lab
  udevadm wait --timeout=600 /sys/class/net/eth0 /sys/class/net/eth1
  rm -f /etc/resolv.conf; echo nameserver ${NET_LINK.host} >/etc/resolv.conf`;

/** The lab's own programs for the guest, as a folder that is laid into its root. */
function programs(runDir: string, certificate: string): string {
  const folder = join(runDir, "programs");
  const place = join(folder, PROGRAMS);
  mkdirSync(place, { recursive: true });
  cpSync(join(import.meta.dirname, "guest"), place, { recursive: true });
  cpSync(MACHINE_ROOT, join(place, "machine-root.sh"));
  cpSync(certificate, join(place, "ca.crt"));
  return folder;
}
