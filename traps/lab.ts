/** What machines do that are not machines: the lab's guests, emulated or as programs. */
import type { Topic } from "./trap.ts";

export const ofLab = {
  "emulated-kernel-misses-new-code": {
    seen: "QEMU's emulation can miss that a kernel has changed its own code, where several threads emulate its CPUs: the guest dies (“Oops: int3”). Mended in 8.1. Against 7.2, with 10.0 a process starts in half the time, Python takes 1.2 times as long, and a boot as long as before.",
    versions: "QEMU 7.2, Debian 12",
    answer:
      "On Debian 12 the lab takes QEMU from its backports, unpacked beside the host's. Guests are emulated by one thread.",
    test: "lab/stand-ins/image/emulator.test.ts: QEMU's version",
  },
  "snapshot-has-an-old-clock": {
    seen: "A restored machine has the clock of its snapshot, and the snapshot's files hold the secrets of that machine. QEMU cannot save an NVMe device, so it is a machine that sleeps.",
    versions: "QEMU 10.0",
    answer:
      "A woken machine's clock is moved, and it takes its address and accounts anew. A snapshot holds only what the lab made for that run, and root alone reads it.",
    test: "lab/stand-ins/vms/awake.test.ts: a guest's clock",
  },
  "uml-without-nft-families": {
    seen: "Debian's own user-mode Linux has PPP, PPTP, MPPE, L2TP and ESP, and of nft's families only `bridge`.",
    versions: "user-mode-linux of Debian 13, kernel 6.12",
    answer: "The lab builds it from Debian's kernel source, with a config that has all that a fleet needs.",
    test: "lab/server/sessions/tunnel.test.ts: carries TCP to the internet and back, under the server's address",
  },
  "clock-limits-on-a-busy-host": {
    seen: "A limit by the clock fails on a busy host while the guest makes progress: 900 s were not enough at a load of 12 to 20.",
    versions: "measured in the lab",
    answer: "Limits are counted in time that the lab's machines could use, and no test ends by the clock.",
    test: "lab/stand-ins/host/clock.test.ts: passes slower for those who wait for a processor, and an eighth of it passes all the same",
  },
} satisfies Topic;
