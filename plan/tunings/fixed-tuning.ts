/** A tuning that no config changes. */
import type { Tuning } from "../../settings/groups/tuning.ts";

/** A tuning with its value. */
export interface FixedTuning extends Tuning {
  /** As it stands in the file, or in AWS's resource. */
  value: string | number | boolean;
  /** What a number counts: `s`. @default nothing, as of a port, or no number */
  unit?: string;
}
