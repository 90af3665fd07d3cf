/** The protocols that a fleet speaks. */
import type { LEGS } from "./pptp/legs.ts";
import { pptp } from "./pptp/pptp.ts";
import type { BalancedFlow, Flow, ForwardedFlow, Protocol } from "./protocol.ts";

/** The legs of a dial by any of them. */
export type Leg = keyof typeof LEGS;

export const protocols: readonly Protocol<Leg>[] = [pptp];

export function flowsOf<L extends string>(of: readonly Protocol<L>[]): Flow<L>[] {
  return of.flatMap(({ flows }) => flows);
}

export function balancedFlows<L extends string>(of: readonly Protocol<L>[]): BalancedFlow<L>[] {
  return flowsOf(of).filter((flow) => flow.by === "balancer");
}

export function forwardedFlows<L extends string>(of: readonly Protocol<L>[]): ForwardedFlow<L>[] {
  return flowsOf(of).filter((flow) => flow.by === "gateway");
}
