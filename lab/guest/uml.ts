/**
 * A guest under user-mode Linux: a process of this machine on taps, its root a folder.
 *
 *     tap ── vec0 = eth0 ┐
 *     tap ── vec1 = eth1 ┤ linux ── hostfs, read only: image ◀─ modules ◀─ payload
 *     agent's socket ── ttyS0    └─ the guest's own: tmpfs, gone with it
 *
 * What it is not: it has one CPU and a timer of its own; no ACPI, SMBIOS, virtio or initramfs, and Debian's source but
 * not its config (lab/image/uml/kernel.config). Its memory is a file in /run.
 */

import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { type Daemon, run, startDaemon } from "../host/run.ts";
import { mountedRoot } from "../image/mounted-root.ts";
import type { UmlKernel } from "../image/uml/kernel.ts";
import type { GuestOptions, Nic } from "./options.ts";
import { ec2Identity } from "./qemu/arguments.ts";

/** Where in the guest's root what is the lab's own lies. */
const LAB = "lab";

/** Starts it. The serial line's text goes into the file `serial`, the agent answers at `socket`. */
export async function startUml(
  { name, boot, payload, prepare, nics, memoryMiB, runDir }: GuestOptions,
  kernel: UmlKernel,
  { socket, serial }: { socket: string; serial: string },
): Promise<Daemon> {
  if (boot.kind !== "tools") throw new Error("an image like the AMI boots under its own kernel only");
  const root = await mountedRoot(join(runDir, `${name}.root`), [boot.image.rootfs, kernel.root]);
  if (payload !== undefined) cpSync(payload, root, { recursive: true, verbatimSymlinks: true });
  for (const folder of [LAB, `${LAB}/own`]) mkdirSync(join(root, folder), { recursive: true });
  cpSync(join(import.meta.dirname, "../image/uml/init.sh"), join(root, LAB, "init"));
  if (prepare !== undefined) {
    writeFileSync(join(root, LAB, "prepare"), `#!/bin/bash\nset -eu\n${prepare}\n`, { mode: 0o755 });
  }
  fit(root);
  if (boot.instanceType !== undefined) writeIdentity(root, name, boot.instanceType);
  const line = [
    ...["root=/dev/root", "rootfstype=hostfs", `rootflags=${root}`, "rw", `init=/${LAB}/init`],
    ...[`mem=${memoryMiB}M`, "net.ifnames=0", "con0=null,fd:1", "con=none", "ssl=none", "ssl0=fd:3"],
    ...nics.map(vector),
  ];
  const [command, ...rest] = [...onProcessor(), kernel.linux, ...line];
  const daemon = startDaemon(command!, rest, serial, { env: { TMPDIR: runDir }, channels: ["pipe"] });
  const server = await servedChannel(socket, daemon.channels[0]!);
  const unmount = () => run("umount", ["--lazy", root], { mayFail: true });
  daemon.exited.then(() => server.close()).catch(() => {});
  daemon.exited.then(unmount, unmount).catch(() => {});
  return daemon;
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
