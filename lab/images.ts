/** node lab/images.ts: makes what the lab's guests boot where it is missing, side by side, with a line for each. */

import { Phases } from "./host/phases.ts";
import { amiImage, toolsImage } from "./image/image.ts";
import { umlKernel } from "./image/uml/kernel.ts";

const phases = new Phases();
await Promise.all([
  phases.run("image of the server, as near to the AMI as Debian's packages allow", amiImage),
  phases.run("image of the client", toolsImage),
  // Where it cannot be built the lab emulates, and says so.
  phases
    .run("kernel of the guests: user-mode Linux", umlKernel)
    .catch((error: Error) => console.error(error.message)),
]);
