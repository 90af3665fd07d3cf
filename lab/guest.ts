/** A virtual machine of the lab: QEMU on taps, its disk an overlay that goes with it. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Acceleration } from "./accel.ts";
import { Agent } from "./agent.ts";
import { type Disk, layerOver } from "./disk.ts";
import type { ToolsImage } from "./image.ts";
import { type Daemon, startDaemon, tail } from "./run.ts";
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
  /** A raw image, which is not written to; or what an `ami` has left of it (`shutDown`), which is. */
  disk: string | Disk;
  /** Its board: PCI Express and the ICH9 of 2009, or PCI and the PIIX of 1996. @default "q35" */
  machine?: "q35" | "pc";
  /** A file that the guest finds, read-only, as /dev/disk/by-id/virtio-payload. @default none */
  payload?: string;
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
  /** Rejects with Gone, and the reason, when QEMU ends and nobody has stopped it, or the guest's kernel crashes. */
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
  const root = await rootOf(options);
  const qemu = startDaemon(
    options.accel.command,
    qemuArguments(options, root, socket, serial),
    join(runDir, `${name}.qemu.log`),
  );
  const serialTail = (lines = 20) =>
    existsSync(serial) ? tail(printable(readFileSync(serial, "utf8")), lines) : "";
  const agent = new Agent(socket);
  let stopped = false;
  let { layer } = root;
  const lost = lostWhenEnded(name, qemu, () => stopped, serialTail);
  await waitUntil(`${name}: QEMU's start`, () => existsSync(socket), {
    ...{ timeoutMs: 20_000, everyMs: 50, unless: lost },
    evidence: () => qemu.tail(),
  });
  return {
    name,
    agent,
    lost,
    serialTail,
    ready: (timeoutMs = 180_000) =>
      waitUntil(`${name}: the guest's agent`, () => agent.ping().then(() => true as const), {
        ...{ timeoutMs, everyMs: 250, unless: lost },
        evidence: () => serialTail(),
      }).then(() => {}),
    bootId: async () => (await agent.exec(["/bin/cat", "/proc/sys/kernel/random/boot_id"])).stdout.trim(),
    async stop() {
      stopped = true;
      await qemu.stop();
      // One that was handed to this guest serves its next attempt too.
      if (layer !== options.disk) layer?.drop();
      layer = undefined;
    },
    async shutDown() {
      const kept = layer;
      if (!kept) throw new Error(`${name}: only what boots its disk's own loader has a disk to keep`);
      stopped = true;
      await agent.exec(["/usr/bin/systemctl", "poweroff"]).catch(() => {}); // it may be gone before it answers
      const timer = setTimeout(() => void qemu.stop(), SHUT_DOWN_MS);
      await qemu.exited.finally(() => clearTimeout(timer));
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

/** QEMU's command line. */
function qemuArguments(options: GuestOptions, root: Root, socket: string, serial: string): string[] {
  const { name, boot, payload, nics, memoryMiB, accel } = options;
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
    ...(boot.instanceType === undefined ? [] : ec2Identity(name, boot.instanceType)),
    ...(boot.kind === "tools" ? directBoot(boot.image) : []),
  ];
}

/** The SMBIOS data by which cloud-init's Ec2 data source knows EC2: manufacturer, and a UUID that begins with ec2. */
function ec2Identity(name: string, instanceType: string): string[] {
  const digits = createHash("sha256").update(name).digest("hex");
  const uuid = `ec2${digits.slice(0, 5)}-${digits.slice(5, 9)}-4${digits.slice(9, 12)}-8${digits.slice(12, 15)}-${digits.slice(15, 27)}`;
  const system = `type=1,manufacturer=Amazon EC2,product=${instanceType},uuid=${uuid},serial=${uuid}`;
  return ["-smbios", "type=0,vendor=Amazon EC2", "-smbios", system];
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

function lostWhenEnded(
  name: string,
  qemu: Daemon,
  stopped: () => boolean,
  serialTail: (lines: number) => string,
): Promise<never> {
  const lost = new Promise<never>((_, reject) => {
    const report = (how: string) => {
      clearInterval(watch);
      if (!stopped()) reject(new Gone(`${name}: ${how}`));
    };
    const watch = setInterval(() => {
      const said = serialTail(60);
      if (CRASH.test(said)) report(`the kernel crashed\n${said}`);
    }, CRASH_EVERY_MS);
    watch.unref();
    qemu.exited.then(
      (code) => report(`QEMU ended (code ${code})\n${qemu.tail()}`),
      (error: Error) => report(`QEMU ended (${error.message})\n${qemu.tail()}`),
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
