/**
 * A guest under user-mode Linux: a process of this machine on taps, its root a folder.
 *
 *     tap ── vec0 = eth0 ┐
 *     tap ── vec1 = eth1 ┤ linux ── hostfs, read only: image ◀─ modules ◀─ payload
 *     agent's socket ── ttyS0    └─ the guest's own: tmpfs, gone with it
 *                                   or hostfs, which is written to and outlives it: a disk (`keeps`)
 *
 * Such a disk is an ext4 of this machine's, on an image: a power cut loses what is not on it yet, in ext4's own way and order, and with
 * it what the guest's kernel had not handed over (fsync, or the file's close). A file on it has no extended attributes, and is
 * root's whoever makes it; it cannot be opened anew by /proc once its name is gone; sync(2) stays in the guest; that there is no
 * room is said by fsync, not by write.
 *
 * What it is not: it has one CPU and a timer of its own; no ACPI, SMBIOS, virtio or initramfs, and Debian's source but
 * not its config (lab/image/uml/kernel.config). Its memory is a file in /run.
 */

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { type Daemon, run, startDaemon } from "../host/run.ts";
import { waitUntil } from "../host/wait.ts";
import { mountedRoot } from "../image/mounted-root.ts";
import type { UmlKernel } from "../image/uml/kernel.ts";
import type { Disk } from "./disk.ts";
import type { GuestOptions, Nic } from "./options.ts";
import { ec2Identity } from "./qemu/arguments.ts";

/** Where in the guest's root what is the lab's own lies. */
const LAB = "lab";

/** Starts it. The serial line's text goes into the file `serial`, the agent answers at `socket`. */
export async function startUml(
  options: GuestOptions,
  kernel: UmlKernel,
  { socket, serial, disk }: { socket: string; serial: string; disk?: Disk | undefined },
): Promise<Daemon> {
  const { nics, memoryMiB, runDir } = options;
  const root = disk?.path ?? (await rootIn(folderFor(options, "root"), options, kernel));
  const line = [
    ...["root=/dev/root", "rootfstype=hostfs", `rootflags=${root}`, "rw", `init=/${LAB}/init`],
    ...[`mem=${memoryMiB}M`, "net.ifnames=0", "con0=null,fd:1", "con=none", "ssl=none", "ssl0=fd:3"],
    ...nics.map(vector),
  ];
  const [command, ...rest] = [...onProcessor(), kernel.linux, ...line];
  const daemon = startDaemon(command!, rest, serial, { env: { TMPDIR: runDir }, channels: ["pipe"] });
  const server = await servedChannel(socket, daemon.channels[0]!);
  daemon.exited.then(() => server.close()).catch(() => {});
  if (disk) return daemon;
  daemon.exited
    .then(
      () => unmount(root),
      () => unmount(root),
    )
    .catch(() => {});
  return daemon;
}

/** MiB: a server writes some 20 in a first boot. */
const DISK_MIB = 1024;

/** Without what ext4 does by itself for whoever renames a file over another and has not asked for its data to be written (ext4(5)). */
const MOUNT = "loop,noauto_da_alloc";

/** The disk of a guest that has not booted yet: an ext4, over the image's folder. */
export async function umlDisk(options: GuestOptions, kernel: UmlKernel): Promise<Disk> {
  const base = folderFor(options, "disk");
  const image = `${base}.ext4`;
  await run("mke2fs", ["-q", "-F", "-t", "ext4", image, `${DISK_MIB}M`]);
  await run("mount", ["-o", MOUNT, image, base]);
  const path = await rootIn(base, options, kernel);
  await run("sync", ["--file-system", base]);
  return {
    path,
    async cut() {
      await run("python3", ["-c", SHUT_DOWN, base]);
      // What the guest has started may be a moment longer there than its kernel; a filesystem that is in use stays what it is.
      for (const each of [path, base])
        await waitUntil(`${each}: nobody uses it`, () => run("umount", [each]).then(() => true as const), {
          ...{ timeoutMs: 20_000, everyMs: 50 },
        });
      await run("mount", ["-o", MOUNT, image, base]);
      await mountedRoot(base, layers(options, kernel));
    },
    drop() {
      void unmount(path)
        .then(() => unmount(base))
        .then(() => rmSync(image, { force: true }));
    },
  };
}

/** Ends an ext4 where it is, its journal unwritten too (kernel: fs/ext4/ioctl.c, EXT4_IOC_SHUTDOWN). */
const SHUT_DOWN = `import fcntl, os, struct, sys
EXT4_IOC_SHUTDOWN, NOLOGFLUSH = 0x8004587D, 2
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), EXT4_IOC_SHUTDOWN, struct.pack("I", NOLOGFLUSH))`;

/** A new one, as a guest of this name may have had another. */
const folderFor = ({ name, runDir }: GuestOptions, what: string) =>
  mkdtempSync(join(runDir, `${name}.${what}-`));

const unmount = (path: string) => run("umount", ["--lazy", path], { mayFail: true });

function layers({ boot }: GuestOptions, kernel: UmlKernel): string[] {
  if (boot.kind !== "tools") throw new Error("an image like the AMI boots under its own kernel only");
  return [boot.image.rootfs, kernel.root];
}

/** A root as a guest finds it before its first boot; what is written to it lies in the folder `base`. */
async function rootIn(base: string, options: GuestOptions, kernel: UmlKernel): Promise<string> {
  const { name, boot, payload, prepare, keeps } = options;
  const root = await mountedRoot(base, layers(options, kernel));
  if (payload !== undefined) cpSync(payload, root, { recursive: true, verbatimSymlinks: true });
  for (const folder of [LAB, `${LAB}/own`]) mkdirSync(join(root, folder), { recursive: true });
  const init = keeps ? "uml-disk.sh" : "../image/uml/init.sh";
  cpSync(join(import.meta.dirname, init), join(root, LAB, "init"));
  if (prepare !== undefined) {
    writeFileSync(join(root, LAB, "prepare"), `#!/bin/bash\nset -eu\n${prepare}\n`, { mode: 0o755 });
  }
  fit(root);
  if (boot.instanceType !== undefined) writeIdentity(root, name, boot.instanceType);
  return root;
}

let started = 0;

/**
 * A processor for each guest, in turn, where the lab has the machine to itself (LAB_ALONE). The kernel and what runs under it
 * are processes that wait for each other at each system call, and on an idle machine the scheduler puts either on a
 * processor that sleeps (72 s for a run of script/start, 48 s with it). Where others keep it busy they meet anyway.
 */
function onProcessor(): string[] {
  if (!process.env.LAB_ALONE) return [];
  const [, list] = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8"))!;
  const allowed = list!.split(",").flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  return ["taskset", "--cpu-list", `${allowed[started++ % allowed.length]}`];
}

/** A card of the kernel's vector driver (kernel: Documentation/virt/uml/user_mode_linux_howto_v2.rst). */
function vector({ tap, mac, mtu = 1500 }: Nic, index: number): string {
  return `vec${index}:transport=tap,ifname=${tap},mac=${mac},mtu=${mtu},depth=128,gro=1`;
}

/** What of the image is a virtual machine's: its disk, its terminal, and the agent, which speaks on a serial line here. */
function fit(root: string): void {
  const units = join(root, "etc/systemd/system");
  writeFileSync(join(root, "etc/fstab"), "");
  symlinkSync("/dev/null", join(units, "getty.target"));
  writeFileSync(
    join(units, "qemu-guest-agent.service"),
    `[Unit]
DefaultDependencies=no
After=systemd-journald.socket
[Service]
ExecStart=/usr/sbin/qemu-ga --method=isa-serial --path=/dev/ttyS0
Restart=always
RestartSec=0
`,
  );
  // At a second boot udev starts it early, and the card's driver panics in an ioctl of ethtool's (seen with 6.12).
  mkdirSync(join(units, "pptp-fleet-nic@.service.d"), { recursive: true });
  writeFileSync(join(units, "pptp-fleet-nic@.service.d/lab.conf"), "[Unit]\nConditionVirtualization=!uml\n");
  mkdirSync(join(units, "sysinit.target.wants"), { recursive: true });
  symlinkSync("../qemu-guest-agent.service", join(units, "sysinit.target.wants/qemu-guest-agent.service"));
}

/** Who asks dmidecode what machine this is is told what SMBIOS would say: there is none. */
function writeIdentity(root: string, name: string, instanceType: string): void {
  const { uuid, manufacturer } = ec2Identity(name);
  const answers = Object.entries({
    "system-uuid": uuid,
    "system-serial-number": uuid,
    "system-manufacturer": manufacturer,
    "system-product-name": instanceType,
  }).map(([key, value]) => `${key}) echo "${value}" ;;\n`);
  const script = `#!/bin/sh\n# dmidecode --string KEY\ncase $2 in\n${answers.join("")}esac\n`;
  writeFileSync(join(root, "usr/sbin/dmidecode"), script, { mode: 0o755 });
}

/**
 * Answers on a socket for what speaks on a channel, to one connection after the other, as QEMU does. What comes while
 * there is none is dropped.
 */
function servedChannel(path: string, channel: Duplex): Promise<Server> {
  const waiting: Socket[] = [];
  let served: Socket | undefined;
  const next = () => {
    served = waiting.shift();
    served?.on("data", (bytes) => channel.write(bytes));
    served?.resume();
  };
  channel.on("error", () => {}); // the guest has gone: its end says so
  channel.on("data", (bytes) => served?.write(bytes));
  channel.on("close", () => {
    for (const each of [served, ...waiting]) each?.destroy();
  });
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.pause();
    socket.on("close", () => {
      if (socket === served) next();
      else waiting.splice(waiting.indexOf(socket), 1);
    });
    waiting.push(socket);
    if (served === undefined) next();
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => resolve(server));
  });
}
