/** QEMU's command line for a machine of the lab. */

import { createHash } from "node:crypto";
import type { ToolsImage } from "../../image/image.ts";
import type { QemuAcceleration } from "../accel.ts";
import type { GuestOptions } from "../options.ts";

/** What a machine has on this one. */
export interface Files {
  /** Sockets: its agent's, and QEMU's own. */
  socket: string;
  monitor: string;
  /** Receives what it prints. */
  serial: string;
  /** The layer that an `ami` writes to, as qcow2. */
  disk: string | undefined;
  /** The archive that is laid into its root. */
  payload: string | undefined;
  /** The memory of a machine that sleeps, to be woken: it is read only. */
  memory: string | undefined;
}

export function qemuArguments(options: GuestOptions, accel: QemuAcceleration, files: Files): string[] {
  const { name, boot, nics } = options;
  const { cpus = accel.kind === "kvm" ? 2 : 1 } = options;
  return [
    ...["-name", name, "-smp", `${cpus}`, ...accel.arguments, ...memory(options, accel, files)],
    ...["-nodefaults", "-no-user-config", "-display", "none", "-vga", "none"],
    ...["-serial", `file:${files.serial}`, "-qmp", `unix:${files.monitor},server=on,wait=off`],
    ...rootDisk(options, files),
    ...(files.payload === undefined
      ? []
      : [
          ...["-drive", `file=${files.payload},if=none,id=payload,format=raw,readonly=on`],
          ...["-device", "virtio-blk-pci,drive=payload,serial=payload"],
        ]),
    ...[
      "-chardev",
      `socket,id=agent,path=${files.socket},server=on,wait=off`,
      "-device",
      "virtio-serial-pci",
    ],
    ...["-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0"],
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

/** What can sleep has a file without a name, to be copied; or what such a copy holds, each page until the machine writes to it. */
function memory(
  { memoryMiB, boot, machine = "q35" }: GuestOptions,
  accel: QemuAcceleration,
  files: Files,
): string[] {
  const plain = ["-m", `${memoryMiB}`, "-machine"];
  if (boot.kind !== "ami" || accel.kind !== "tcg") return [...plain, machine];
  const size = `id=memory,size=${memoryMiB}M`;
  return [
    ...[...plain, `${machine},memory-backend=memory`, "-object"],
    ...(files.memory === undefined
      ? [`memory-backend-memfd,${size},share=on`]
      : [`memory-backend-file,${size},mem-path=${files.memory},share=off,readonly=on,rom=off`, "-S"]),
  ];
}

/**
 * `tools` has a virtio disk, `ami` an NVMe device as on EC2's Nitro, which its own initramfs has to find. What the guest
 * writes goes to a file without a name and to no disk in particular.
 */
function rootDisk({ boot, disk }: GuestOptions, files: Files): string[] {
  const unsafe = "cache=unsafe,discard=unmap";
  if (boot.kind === "tools") {
    if (typeof disk !== "string")
      throw new Error("a guest whose kernel is booted directly has an image for a disk");
    return ["-drive", `file=${disk},if=virtio,format=raw,snapshot=on,${unsafe}`];
  }
  const drive = ["-drive", `file=${files.disk},if=none,id=root,format=qcow2,${unsafe}`];
  return [...drive, "-device", "nvme,drive=root,serial=root"];
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
