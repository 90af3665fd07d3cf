/** What a guest is asked to be: its disk, board, cards and memory. */

import type { ToolsImage } from "../image/image.ts";
import type { Acceleration } from "./accel.ts";
import type { Disk } from "./disk.ts";

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
   * A raw image, which is not written to; or what an earlier guest has left of it (`shutDown`, `powerCut`), which is.
   * User-mode Linux takes the image's folder in place of the raw image.
   */
  disk: string | Disk;
  /** Whether what user-mode Linux writes outlives it, as what an `ami` writes does. @default false: its own memory */
  keeps?: boolean;
  /**
   * Where an `ami` begins in place of its boot: what a machine of the same options has left when it slept (`sleepInto`). It
   * is not written to.
   * @default its disk's loader
   */
  asleep?: string;
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
