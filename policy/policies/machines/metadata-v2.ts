/** The metadata service answers the machine itself, by session token. */

import { INSTANCE, LAUNCH_TEMPLATE } from "../../../graph/types.ts";
import type { ResourceRule } from "../../framework/rule.ts";

export const metadataV2: ResourceRule<typeof INSTANCE | typeof LAUNCH_TEMPLATE> = {
  name: "metadata-v2",
  demands: "Instances answer IMDSv2 only, to one hop.",
  severity: "critical",
  reason:
    "A client in a tunnel, or a program that can be made to fetch a URL, would otherwise get the role's credentials.",
  fix: 'metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 }',
  link: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
  of: [INSTANCE, LAUNCH_TEMPLATE],
  violations: ({ props: { metadataOptions: options } }) => {
    if (options?.httpEndpoint === "disabled") return [];
    return [
      ...(options?.httpTokens === "required" ? [] : ["it answers IMDSv1"]),
      ...(options?.httpPutResponseHopLimit === 1 ? [] : ["its tokens travel further than one hop"]),
    ];
  },
};
