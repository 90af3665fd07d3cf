/** Debian's image and packages, cloud-init, and what a first boot runs. */
import type { Topic } from "./trap.ts";

const FIRST_BOOT = "lab/first-boot/server.test.ts";

export const ofDebian = {
  "cloud-kernel-without-ppp": {
    seen: "Debian's cloud kernel, which is the AMI's, has no PPP. linux-image-amd64 beside it changes nothing: GRUB prefers the name with `cloud`.",
    versions: "Debian 12 and 13",
    answer:
      "The first apply installs linux-image-amd64, puts the newest kernel without `cloud` first in GRUB, reboots once, and purges the cloud's. A server is ready once /dev/ppp opens and ppp_mppe is loaded.",
    test: `${FIRST_BOOT}: runs a kernel that is not the cloud's, after exactly one reboot`,
  },
  "done-before-the-reboot": {
    seen: "With `power_state` or a reboot in runcmd, `cloud-init status --wait` says “done” before the machine has rebooted.",
    versions: "cloud-init of Debian 13",
    answer:
      "The first apply reboots, a script of cloud-init's last stage waits for the apply at each boot, and readiness is an active unit, never cloud-init's “done”.",
    test: `${FIRST_BOOT}: is done with cloud-init, which met no error`,
  },
  "kernel-package-is-the-first-boot": {
    seen: "The kernel is 108 of the 110 MB that a first boot fetches, and takes most of its time. depmod and mkinitramfs are more than four fifths of that, unpacking is not.",
    versions: "Debian 13, linux-image 6.12",
    answer:
      "The initramfs holds the drivers of EC2's disks and no others (`MODULES=list`: `dep` knows only the machine's own, and a change of type would not boot), modules for devices that no instance has are left out, and in the lab one first boot serves every test that can share it.",
    test: `${FIRST_BOOT}: has both kinds of EC2's disks in its initramfs, and nothing of the machine that made it`,
  },
  "files-come-before-packages": {
    seen: "cloud-init writes files before it installs packages, and a bare `apt-get install` over a conffile that is there fails.",
    versions: "cloud-init and dpkg, Debian 13",
    answer: "The apply has dpkg keep the files that are there (`--force-confold`).",
    test: `${FIRST_BOOT}: has every file as it was rendered`,
  },
  "sysctls-before-their-module": {
    seen: "The sysctls under net.netfilter are there only once nf_conntrack is loaded.",
    versions: "Linux 6.12, Debian 13",
    answer: "modules-load.d names the module, and comes before sysctl.d.",
    test: `${FIRST_BOOT}: has the kernel settings that its file says`,
  },
  "runcmd-hears-the-last": {
    seen: "runcmd has no `set -e`: of several commands only the last one's exit status counts.",
    versions: "cloud-init of Debian 13",
    answer: "There is no runcmd: what the last stage runs is one command.",
    test: "render/user-data.test.ts: a gateway is silent before all else, and both are begun before cloud-init's last stage, which waits",
  },
  "unknown-cloud-config-key": {
    seen: "cloud-init's schema check passes top-level keys that it does not know.",
    versions: "cloud-init of Debian 13",
    answer: "A type has the keys that we use, and a test holds them against cloud-init's own.",
    test: "lab/server/readers.test.ts: cloud-init knows each of its keys, which its schema does not check",
  },
  "modprobe-in-a-condition": {
    seen: "An ExecCondition that runs modprobe keeps its unit inactive, without a failure, where modules cannot be loaded, as in a container.",
    versions: "systemd of Debian 13",
    answer: "modules-load.d loads; units only check.",
    test: "lab/vpc/tunnel.test.ts: is encrypted with MPPE-128 and answers pings",
  },
  "curl-signs-what-it-hashes": {
    seen: "With `--aws-sigv4` curl signs a session token that `-H` or a config file gives; `--data-binary` sends the body's hash, and `-T` UNSIGNED-PAYLOAD; 304 is exit 0 and keeps the file; `--path-as-is` is refused.",
    versions: "curl 8.14, Debian 13",
    answer: "Servers ask for their accounts with the token as a header and `--data-binary`.",
    untested: "the lab's Secrets Manager does not check signatures, and nothing has run on AWS",
  },
} satisfies Topic;
