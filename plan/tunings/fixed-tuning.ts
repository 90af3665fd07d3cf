/** A tuning without a key of its own. */
import type { Tuning } from "../../settings/groups/tuning.ts";
import type { Unit } from "../../settings/keys/facts.ts";

/** A tuning with its value. */
export interface FixedTuning extends Tuning {
  /** As it stands in the file, or in AWS's resource. */
  value: string | number | boolean;
  /** What a number counts. @default nothing, as of a port, or no number */
  unit?: Unit;
}
