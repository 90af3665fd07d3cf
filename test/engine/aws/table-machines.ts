/** Instances: by ec2_instance.go's schema and its CustomizeDiff. */

import { isDeepStrictEqual } from "node:util";
import { INSTANCE } from "../../../graph/types.ts";
import { answer } from "../../../offline/answers.ts";
import type { Properties } from "../pulumi/wire.ts";
import type { Rows } from "./row.ts";

export const machines: Rows = {
  [INSTANCE]: {
    source: "ec2/ec2_instance.go",
    replaces: ["ami", "associatePublicIpAddress", "primaryNetworkInterface", "subnetId"],
    updates: [
      "disableApiTermination",
      "iamInstanceProfile",
      "maintenanceOptions",
      "metadataOptions",
      "sourceDestCheck",
      "tags",
      "userDataReplaceOnChange",
      "vpcSecurityGroupIds",
    ],
    either: {
      // In place is a stop and a start, unless the processor is another.
      instanceType: (olds, news) => architecture(olds.instanceType) !== architecture(news.instanceType),
      userDataBase64: (_, news) => news.userDataReplaceOnChange === true,
      // "For the root volume, you can only modify the following: volume size, volume type, and the Delete on Termination flag."
      rootBlockDevice: (olds, news) =>
        !isDeepStrictEqual(
          [olds.rootBlockDevice?.encrypted, olds.rootBlockDevice?.kmsKeyId],
          [news.rootBlockDevice?.encrypted, news.rootBlockDevice?.kmsKeyId],
        ),
    },
  },
};

function architecture(instanceType: string): unknown {
  const type: Properties = answer("", "aws:ec2/getInstanceType:getInstanceType", { instanceType });
  return type.supportedArchitectures[0];
}
