/** node lab/images.ts: makes the lab's images where they are missing, with a line for each. */
import { amiImage, toolsImage } from "./image.ts";
import { Phases } from "./phases.ts";

const phases = new Phases();
await phases.run("image of the server, as near to the AMI as Debian's packages allow", amiImage);
await phases.run("image of the client", toolsImage);
