/** The stack's program: config in, outputs out. */
import { deployFleet } from "./components/deploy.ts";

export default () => deployFleet();
