/** Debian's kernel with PPP in place of the image's cloud kernel, which has none. */

import type { Architecture } from "../../plan/place/aws-facts.ts";
import type { ServerPlan } from "../../plan/plan.ts";
import { fixedValues } from "../../plan/tunings/fixed.ts";
import { part } from "../part.ts";

/** Debian's packages of it. */
const IMAGE: Record<Architecture, string> = { x86_64: "linux-image-amd64", arm64: "linux-image-arm64" };

export const kernel = part<ServerPlan>(import.meta.dirname, {
  files: {
    "/etc/default/grub.d/90-pptp-fleet.cfg": { reboot: "update-grub" },
    // It keeps out what dpkg unpacks from then on, and takes away nothing that is there.
    "/etc/dpkg/dpkg.cfg.d/pptp-fleet": "replacement",
    "/etc/initramfs-tools/conf.d/pptp-fleet": { reboot: "update-initramfs -u" },
    "/usr/share/initramfs-tools/modules.d/pptp-fleet": { reboot: "update-initramfs -u" },
  },
  packages: ({ architecture }) => [IMAGE[architecture]],
  // Nothing can boot it again, nothing upgrades it.
  purges: ["linux-image-*cloud*"],
  facts: () => ({ fixed: fixedValues }),
});
