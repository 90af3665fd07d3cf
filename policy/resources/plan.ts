/** The program's own plan, which the fleet's component puts out. */

import { FLEET } from "../../graph/types.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Stack } from "../framework/stack.ts";

/** Undefined where there is no fleet. Any part may be missing: it comes out of a state, which may be older. */
export function planOf(stack: Stack): DeepPartial<Plan> | undefined {
  return stack.all(FLEET)[0]?.props.plan as DeepPartial<Plan> | undefined;
}

type DeepPartial<T> = T extends (infer E)[]
  ? DeepPartial<E>[]
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> }
    : T;
