/**
 * A machine's sleep (ACPI S3), by which it goes from one QEMU to another.
 *
 * Asleep it is its memory and its disk: processor and devices are off, and the kernel sets them up again when it wakes.
 * QEMU's own way, a migration, needs devices that it can save, and the NVMe that EC2's machines boot from is none
 * (hw/nvme/ctrl.c, `unmigratable`).
 *
 *    reset ──▶ firmware: this is no first start, as its own copy in memory is ──▶ it woke from S3, as CMOS ──▶ the kernel's
 *              the one that the chipset shows (PAM)                               byte 0x0f says               waking vector
 *
 * Where the same QEMU wakes it, QEMU sees to the second. The first, and what else a reset clears, is told to either.
 */
import { chmodSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../host/run.ts";
import { waitUntil } from "../../host/wait.ts";
import type { Agent } from "../agent.ts";
import type { Monitor } from "./qmp.ts";

export interface Sleeper {
  name: string;
  agent: Agent;
  monitor: Monitor;
  lost: Promise<never>;
  /** QEMU's process. */
  pid: number;
  /** The layer that it writes to. */
  disk: string;
}

/** In the folder of one that sleeps. */
export const sleptMemory = (folder: string): string => join(folder, "memory");
export const sleptDisk = (folder: string): string => join(folder, "disk.qcow2");
const sleptChipset = (folder: string): string => join(folder, "chipset.json");

/**
 * Q35's registers that a reset clears and its firmware's way back from S3 leaves so (SeaBIOS 1.16.3, measured): what the
 * chipset shows between 0xc0000 and 0xfffff, PAM0 to PAM6, in words of 4 bytes; and where ACPI's power management lies, PMBASE
 * and ACPI_CNTL, without which the machine wakes and never switches off.
 */
const CLEARED: Register[] = [
  { device: 0, offset: 0x90 },
  { device: 0, offset: 0x94 },
  { device: 0x1f, offset: 0x40 },
  { device: 0x1f, offset: 0x44 },
];

/** In the configuration space of a device's first function, on PCI's first bus. */
interface Register {
  device: number;
  offset: number;
}

/** Emulated, a kernel falls asleep in 1 s and wakes in 1 s. */
const TIMEOUT_MS = 60_000;

/** Lays memory, disk and firmware's state into an empty folder, and wakes the machine, whatever came of it. */
export async function fallAsleep(sleeper: Sleeper, folder: string): Promise<void> {
  const { name, agent, monitor, lost, pid, disk } = sleeper;
  chmodSync(folder, 0o700);
  const kept: Value[] = [];
  for (const register of CLEARED) kept.push([register, await read(monitor, register)]);
  await agent.sh(SLEEP);
  try {
    const asleep = async () => (await status(monitor)) === "suspended";
    await waitUntil(`${name}: its sleep`, asleep, {
      ...{ timeoutMs: TIMEOUT_MS, everyMs: 100, unless: lost },
      evidence: () => agent.sh(`cat ${SAID}`),
    });
    // What QEMU holds back of the disk's own tables is written by this.
    await monitor.execute("stop");
    writeFileSync(sleptChipset(folder), JSON.stringify(kept));
    await copy(memoryOf(pid), sleptMemory(folder));
    await copy(disk, sleptDisk(folder));
  } finally {
    await monitor.execute("cont");
    await monitor.execute("system_wakeup").catch(() => {}); // it did not sleep
    // By a reset, which comes before it runs.
    await waitUntil(`${name}: that it runs again`, async () => (await status(monitor)) === "running", {
      ...{ timeoutMs: TIMEOUT_MS, everyMs: 20, unless: lost },
    });
    for (const [register, value] of kept) await write(monitor, register, value);
  }
}

/** Wakes in a new QEMU, which has not begun to run, what fell asleep in another. */
export async function wake(
  { name, monitor, lost }: Pick<Sleeper, "name" | "monitor" | "lost">,
  folder: string,
): Promise<void> {
  await waitUntil(`${name}: QEMU's monitor`, () => monitor.execute("query-status"), {
    ...{ timeoutMs: 20_000, everyMs: 50, unless: lost },
  });
  const kept: Value[] = JSON.parse(readFileSync(sleptChipset(folder), "utf8"));
  for (const [register, value] of kept) await write(monitor, register, value);
  await monitor.type("o /b 0x70 0x0f");
  await monitor.type("o /b 0x71 0xfe");
  await monitor.execute("cont");
}

const SAID = "/run/lab-sleep";

/** The agent's own answer is out before. */
const SLEEP = `grep -qF '[deep]' /sys/power/mem_sleep || { echo "the kernel has no S3" >&2; exit 1; }
  (sleep 1; echo mem >/sys/power/state) >${SAID} 2>&1 </dev/null &`;

/** What a register held. */
type Value = [Register, number];

async function status(monitor: Monitor): Promise<string> {
  return (await monitor.execute<{ status: string }>("query-status")).status;
}

async function read(monitor: Monitor, register: Register): Promise<number> {
  await select(monitor, register);
  const said = await monitor.type("i /w 0xcfc");
  const [, hex] = /= 0x([0-9a-f]+)$/.exec(said) ?? [];
  if (hex === undefined) throw new Error(`QEMU's monitor read no register: ${said}`);
  return Number.parseInt(hex, 16);
}

async function write(monitor: Monitor, register: Register, value: number): Promise<void> {
  await select(monitor, register);
  await monitor.type(`o /w 0xcfc 0x${value.toString(16)}`);
}

/** By PCI's ports: what the next read or write of the data's is of. */
async function select(monitor: Monitor, { device, offset }: Register): Promise<void> {
  await monitor.type(`o /w 0xcf8 0x${(0x8000_0000 + device * 0x800 + offset).toString(16)}`);
}

/** The file without a name that is a QEMU's guest's memory. */
function memoryOf(pid: number): string {
  const folder = `/proc/${pid}/fd`;
  const isMemory = (fd: string) => {
    try {
      return readlinkSync(join(folder, fd)).startsWith("/memfd:memory-backend-memfd");
    } catch {
      return false; // closed since
    }
  };
  const fd = readdirSync(folder).find(isMemory);
  if (fd === undefined) throw new Error(`QEMU's process ${pid} has no file that is a guest's memory`);
  return join(folder, fd);
}

/** A page that holds nothing takes no room. */
async function copy(from: string, to: string): Promise<void> {
  writeFileSync(to, "", { mode: 0o600 });
  await run("cp", ["--sparse=always", from, to], { timeoutMs: 300_000 });
}
