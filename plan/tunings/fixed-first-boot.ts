/** What makes a server's first boot shorter, whatever the config. */
import type { FixedTuning } from "./fixed-tuning.ts";

/** By name; part of `fixed`. */
export const fixedOfFirstBoot = {
  initramfs: {
    sets: "MODULES and COMPRESSLEVEL of initramfs-tools",
    value: "list",
    own: "most",
    why: "What reaches Nitro's disk and Xen's, packed fast. `dep` knows one of them: a change of type would not boot.",
    costs: "no other kind of root",
    source:
      "initramfs.conf(5); instructions counted in the lab: mkinitramfs takes a fifth of them, and no fewer by `dep`",
    test: "lab/first-boot/server.test.ts: has both kinds of EC2's disks in its initramfs",
  },
  modulesLeftOut: {
    sets: "path-exclude of dpkg",
    value: "drivers that no instance has",
    own: "none",
    why: "Two of five modules, and depmod reads each.",
    costs: "no driver for such devices",
    source: "dpkg(1); instructions counted in the lab: depmod takes 0.55 of them",
    test: "lab/first-boot/server.test.ts: has no modules for what no instance has",
  },
} satisfies Record<string, FixedTuning>;
