/** Machines of the shared VPC get another bundle, and say what came of it. */

import { bundled } from "./bundled.ts";
import { sharedVpc } from "./vpc.ts";

export { type Status, withFile } from "./bundled.ts";

export const { look, bundleOf, publish, whileBundled } = bundled(async () => {
  const { run, machines, host } = await sharedVpc();
  return { run, machines, s3: host.s3 };
});
