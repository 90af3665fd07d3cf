/** The lab that all tests with guests share: one stack, one first boot. It ends with the namespace it runs in. */
import { type Lab, startLab } from "../../../lab/lab.ts";
import { Phases } from "../../../lab/phases.ts";

let lab: Promise<Lab> | undefined;

/** The dev stack, up and ready; started by the first test file that asks. */
export function sharedLab(): Promise<Lab> {
  lab ??= startLab({ stack: "dev", phases: new Phases() });
  return lab;
}
