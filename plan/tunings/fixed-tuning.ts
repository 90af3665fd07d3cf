/** A tuning without a key of its own. */
import type { Tuning } from "../../settings/groups/tuning.ts";
import type { Unit } from "../../settings/keys/facts.ts";

/** A tuning with its value. */
export interface FixedTuning extends Tuning {
  /** As it stands in the file. */
  value: string;
  /** What the value counts. @default it is no count, or says so itself */
  unit?: Unit;
}
