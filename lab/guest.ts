/** A virtual machine of the lab, QEMU's or user-mode Linux's, on taps; what it writes goes with it. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Acceleration, Machine } from "./accel.ts";
import { Agent } from "./agent.ts";
import { alarm } from "./clock.ts";
import { type Disk, layerOver } from "./disk.ts";
import type { ToolsImage } from "./image.ts";
import { type Daemon, run, startDaemon, tail } from "./run.ts";
import { startUml } from "./uml/guest.ts";
import { Gone, waitUntil } from "./wait.ts";

export interface Nic {
  /** A tap that exists, in this process's network namespace. */
  tap: string;
  mac: string;
  /** What the guest is told its link carries, in bytes: EC2's DHCP says 9001. @default 1500 */
  mtu?: number;
  /**
   * Receive queues, and as many to send on. With more than one the tap is one made with `multi_queue`.
   * @default 1
   */
  queues?: number;
}

export interface GuestOptions {
  name: string;
  /**
   * `ami` boots its disk's own loader, as EC2 would start it; `tools` boots a kernel directly. One with an instance type
   * says in its SMBIOS data that it is EC2's.
   */
  boot: { kind: "ami"; instanceType: string } | { kind: "tools"; image: ToolsImage; instanceType?: string };
  /**
   * A raw image, which is not written to; or what an `ami` has left of it (`shutDown`), which is. User-mode Linux takes the
   * image's folder in its place.
   */
  disk: string | Disk;
  /** Its board: PCI Express and the ICH9 of 2009, or PCI and the PIIX of 1996. @default "q35" */
  machine?: "q35" | "pc";
  /** A folder whose content is laid into the guest's root before it is called ready. @default none */
  payload?: string;
  /** A script in bash that user-mode Linux runs in the guest's root, before its systemd. @default none */
  prepare?: string;
  /** eth0, eth1, … */
  nics: Nic[];
  memoryMiB: number;
  /**
   * @default 2, and 1 under emulation: there a second one makes each fork half as long again, a first boot no
   * shorter, and takes the other guests' core.
   */
  cpus?: number;
  accel: Acceleration;
  /** A directory for sockets and logs. */
  runDir: string;
}

export interface Guest {
  name: string;
  agent: Agent;
  /** Resolves when the agent answers, again after each of the guest's restarts. */
  ready(timeoutMs?: number): Promise<void>;
  /** The end of what the guest printed to its serial line. */
  serialTail(lines?: number): string;
  /** Its boot ID, which changes with each boot. */
  bootId(): Promise<string>;
  /** Rejects with Gone, and the reason, when its process ends and nobody has stopped it, or the guest's kernel crashes. */
  lost: Promise<never>;
  /** Switches it off, as pulling the plug would. */
  stop(): Promise<void>;
  /** Has an `ami` shut itself down. @returns its disk, for another guest. */
  shutDown(): Promise<Disk>;
}

/** A first boot's end and all services': emulated 10 to 30 s. */
const SHUT_DOWN_MS = 300_000;

export async function startGuest(options: GuestOptions): Promise<Guest> {
  const { name, runDir } = options;
  mkdirSync(runDir, { recursive: true });
  const socket = join(runDir, `${name}.agent`);
  const serial = join(runDir, `${name}.serial.log`);
  const { accel } = options;
  const root = accel.kind === "uml" ? undefined : await rootOf(options);
  const process =
    accel.kind === "uml"
      ? await startUml(options, accel.kernel, { socket, serial })
      : await startQemu(options, accel, root!, { socket, serial });
  let layer = root?.layer;
  const serialTail = (lines = 20) =>
    existsSync(serial) ? tail(printable(readFileSync(serial, "utf8")), lines) : "";
  const agent = new Agent(socket);
  let stopped = false;
  const lost = lostWhenEnded(name, process, () => stopped, serialTail);
  await waitUntil(`${name}: its start`, () => existsSync(socket), {
    ...{ timeoutMs: 20_000, everyMs: 50, unless: lost },
    evidence: () => process.tail(),
  });
  // User-mode Linux has found it in its root.
  let payload = accel.kind === "uml" ? undefined : options.payload;
  return {
    name,
    agent,
    lost,
    serialTail,
    async ready(timeoutMs = 180_000) {
      await waitUntil(`${name}: the guest's agent`, () => agent.ping().then(() => true as const), {
        ...{ timeoutMs, everyMs: 250, unless: lost },
        evidence: () => serialTail(),
      });
      if (payload !== undefined) await agent.sh(UNPACK);
      payload = undefined;
    },
    bootId: async () => (await agent.exec(["/bin/cat", "/proc/sys/kernel/random/boot_id"])).stdout.trim(),
    async stop() {
      stopped = true;
      await process.stop();
      // One that was handed to this guest serves its next attempt too.
      if (layer !== options.disk) layer?.drop();
      layer = undefined;
    },
    async shutDown() {
      const kept = layer;
      if (!kept) throw new Error(`${name}: only what boots its disk's own loader has a disk to keep`);
      stopped = true;
      await agent.exec(["/usr/bin/systemctl", "poweroff"]).catch(() => {}); // it may be gone before it answers
      const late = alarm(SHUT_DOWN_MS, () => void process.stop());
      await process.exited.finally(late);
      layer = undefined;
      return kept;
    },
  };
}

/** The disk that a guest boots, as QEMU's arguments. */
interface Root {
  arguments: string[];
  layer?: Disk;
}

/**
 * `tools` has a virtio disk, `ami` an NVMe device as on EC2's Nitro, which its own initramfs has to find. What the guest
 * writes goes to a file without a name and to no disk in particular.
 */
async function rootOf({ boot, disk }: GuestOptions): Promise<Root> {
  const unsafe = "cache=unsafe,discard=unmap";
  if (boot.kind === "tools") {
    if (typeof disk !== "string")
      throw new Error("a guest whose kernel is booted directly has an image for a disk");
    return { arguments: ["-drive", `file=${disk},if=virtio,format=raw,snapshot=on,${unsafe}`] };
  }
  const layer = typeof disk === "string" ? await layerOver(disk) : disk;
  const drive = ["-drive", `file=${layer.path},if=none,id=root,format=qcow2,${unsafe}`];
  return { layer, arguments: [...drive, "-device", "nvme,drive=root,serial=root"] };
}

/** The agent may be there before udev has found the disk. */
const UNPACK = `udevadm wait --timeout=60 /dev/disk/by-id/virtio-payload
  tar -xf /dev/disk/by-id/virtio-payload --no-overwrite-dir -C /`;

/** Its payload is an archive that the guest finds as a second disk. */
async function startQemu(
  options: GuestOptions,
  accel: Machine,
  root: Root,
  { socket, serial }: { socket: string; serial: string },
): Promise<Daemon> {
  const { name, runDir, payload } = options;
  const archive = payload === undefined ? undefined : join(runDir, `${name}.payload.tar`);
  if (archive !== undefined) await run("tar", ["-cf", archive, "-C", payload!, "."]);
  const line = qemuArguments(options, accel, root, { socket, serial }, archive);
  return startDaemon(accel.command, line, join(runDir, `${name}.qemu.log`));
}

/** QEMU's command line. */
function qemuArguments(
  options: GuestOptions,
  accel: Machine,
  root: Root,
  { socket, serial }: { socket: string; serial: string },
  payload: string | undefined,
): string[] {
  const { name, boot, nics, memoryMiB } = options;
  const { machine = "q35", cpus = accel.kind === "kvm" ? 2 : 1 } = options;
  return [
    ...["-name", name, "-machine", machine, "-smp", `${cpus}`, "-m", `${memoryMiB}`, ...accel.arguments],
    ...["-nodefaults", "-no-user-config", "-display", "none", "-vga", "none", "-serial", `file:${serial}`],
    ...root.arguments,
    ...(payload === undefined
      ? []
      : [
          ...["-drive", `file=${payload},if=none,id=payload,format=raw,readonly=on`],
          ...["-device", "virtio-blk-pci,drive=payload,serial=payload"],
        ]),
    ...["-chardev", `socket,id=agent,path=${socket},server=on,wait=off`],
    ...[
      "-device",
      "virtio-serial-pci",
      "-device",
      "virtserialport,chardev=agent,name=org.qemu.guest_agent.0",
    ],
    ...["-object", "rng-random,id=rng,filename=/dev/urandom", "-device", "virtio-rng-pci,rng=rng"],
    ...nics.flatMap(({ tap, mac, mtu = 1500, queues = 1 }, i) => {
      // An interrupt for each queue and direction, one for changes of the device, one for its control queue.
      const [ends, many] = queues > 1 ? [`,queues=${queues}`, `,mq=on,vectors=${2 * queues + 2}`] : ["", ""];
      return [
        ...["-netdev", `tap,id=nic${i},ifname=${tap},script=no,downscript=no${ends}`],
        ...["-device", `virtio-net-pci,netdev=nic${i},mac=${mac},host_mtu=${mtu}${many}`],
      ];
    }),
    ...(boot.instanceType === undefined ? [] : smbios(name, boot.instanceType)),
    ...(boot.kind === "tools" ? directBoot(boot.image) : []),
  ];
}

/** What cloud-init's Ec2 data source knows EC2 by: the manufacturer, and a UUID that begins with ec2. */
export function ec2Identity(name: string): { uuid: string; manufacturer: string } {
  const digits = createHash("sha256").update(name).digest("hex");
  const uuid = `ec2${digits.slice(0, 5)}-${digits.slice(5, 9)}-4${digits.slice(9, 12)}-8${digits.slice(12, 15)}-${digits.slice(15, 27)}`;
  return { uuid, manufacturer: "Amazon EC2" };
}

function smbios(name: string, instanceType: string): string[] {
  const { uuid, manufacturer } = ec2Identity(name);
  const system = `type=1,manufacturer=${manufacturer},product=${instanceType},uuid=${uuid},serial=${uuid}`;
  return ["-smbios", `type=0,vendor=${manufacturer}`, "-smbios", system];
}

function directBoot({ kernel, initrd }: ToolsImage): string[] {
  const line =
    "root=LABEL=root rw console=ttyS0 net.ifnames=0 mitigations=off nokaslr random.trust_cpu=on audit=0 quiet";
  return ["-kernel", kernel, "-initrd", initrd, "-append", line];
}

/**
 * A crash of the kernel. Under emulation it happens to a sound guest: QEMU 7.2 was seen to run a breakpoint that the
 * kernel had taken out of its own code ("Oops: int3"), once in some ten boots on a busy machine.
 */
const CRASH = /Kernel panic|Oops: /;
const CRASH_EVERY_MS = 2_000;

/** What was reported of guests that ended unasked, since this process began. */
export const crashes: string[] = [];

function lostWhenEnded(
  name: string,
  process: Daemon,
  stopped: () => boolean,
  serialTail: (lines: number) => string,
): Promise<never> {
  const lost = new Promise<never>((_, reject) => {
    const report = (how: string) => {
      clearInterval(watch);
      if (stopped()) return;
      crashes.push(`${name}: ${how}`);
      reject(new Gone(`${name}: ${how}`));
    };
    const watch = setInterval(() => {
      const said = serialTail(60);
      if (CRASH.test(said)) report(`the kernel crashed\n${said}`);
    }, CRASH_EVERY_MS);
    watch.unref();
    process.exited.then(
      (code) => report(`its process ended (code ${code})\n${process.tail()}`),
      (error: Error) => report(`its process ended (${error.message})\n${process.tail()}`),
    );
  });
  lost.catch(() => {}); // whoever waits for the guest hears of it
  return lost;
}

/** A serial console without its colours and cursor movements. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  return text.replace(/\x1b(\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>c])|\r/g, "");
}
