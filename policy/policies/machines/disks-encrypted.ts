/** Disks are encrypted. */

import { INSTANCE, LAUNCH_TEMPLATE, VOLUME } from "../../../graph/types.ts";
import type { ResourceRule } from "../../framework/rule.ts";

export const disksEncrypted: ResourceRule<typeof INSTANCE | typeof LAUNCH_TEMPLATE | typeof VOLUME> = {
  name: "disks-encrypted",
  demands: "Every disk is encrypted.",
  severity: "high",
  reason:
    "A server's disk holds its accounts' passwords in plain text, as pppd wants them; a snapshot of it holds them too.",
  fix: "rootBlockDevice: { encrypted: true }, and the same for each further disk",
  link: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
  of: [INSTANCE, LAUNCH_TEMPLATE, VOLUME],
  violations: ({ type, props }) => {
    if (type === VOLUME) return props.encrypted === true ? [] : ["the volume is not encrypted"];
    if (type === LAUNCH_TEMPLATE) {
      const disks = [props.blockDeviceMappings ?? []].flat();
      if (disks.length === 0) return ["it starts from its image's disks as they are"];
      return disks
        .filter(({ ebs }) => ebs !== undefined && String(ebs.encrypted) !== "true")
        .map(({ deviceName }) => `its disk ${deviceName} is not encrypted`);
    }
    return [
      ...(props.rootBlockDevice?.encrypted === true ? [] : ["its root disk is not encrypted"]),
      ...[props.ebsBlockDevices ?? []]
        .flat()
        .filter(({ encrypted }) => encrypted !== true)
        .map(({ deviceName }) => `its disk ${deviceName} is not encrypted`),
    ];
  },
};
