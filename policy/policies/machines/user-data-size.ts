/** User data fits into what EC2 takes. */

import { INSTANCE, LAUNCH_TEMPLATE } from "../../../graph/types.ts";
import { USER_DATA_LIMIT } from "../../../render/user-data.ts";
import type { ResourceRule } from "../../framework/rule.ts";
import { userDataOf } from "../../resources/user-data.ts";

export const userDataSize: ResourceRule<typeof INSTANCE | typeof LAUNCH_TEMPLATE> = {
  name: "user-data-size",
  demands: `User data has at most ${USER_DATA_LIMIT.toLocaleString("en")} bytes before base64.`,
  severity: "medium",
  reason: "EC2 refuses more in the middle of an update, when the old server may be gone already.",
  fix: "leave in user data only what fetches the machine's bundle (render/bootstrap.ts), and put the rest into the bundle, as files of a part (templates/)",
  link: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
  of: [INSTANCE, LAUNCH_TEMPLATE],
  violations: (resource) => {
    const size = userDataOf(resource)?.length ?? 0;
    return size > USER_DATA_LIMIT ? [`its user data has ${size} bytes`] : [];
  },
};
