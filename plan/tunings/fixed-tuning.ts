/** A tuning that no config changes. */
import type { Tuning } from "../../settings/groups/tuning.ts";

/** A tuning with its value. */
export interface FixedTuning extends Tuning {
  /** As it stands in the file. */
  value: string;
}
