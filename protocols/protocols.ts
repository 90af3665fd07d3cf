/** The protocols that a fleet speaks. */
import type { LEGS } from "./pptp/legs.ts";
import { pptp } from "./pptp/pptp.ts";
import type { BalancedFlow, Flow, ForwardedFlow, Protocol } from "./protocol.ts";

/** The legs of a dial by any of them. */
export type Leg = keyof typeof LEGS;

/** PPTP alone: rules, listener, timers and the legs of a dial follow from it. */
export const protocols: readonly Protocol<Leg>[] = [pptp];

/** All flows of some protocols, in order. */
export function flowsOf<L extends string>(of: readonly Protocol<L>[]): Flow<L>[] {
  return of.flatMap(({ flows }) => flows);
}

/** Those by which the balancer chooses a server: `TCP 1723`. */
export function balancedFlows<L extends string>(of: readonly Protocol<L>[]): BalancedFlow<L>[] {
  return flowsOf(of).filter((flow) => flow.by === "balancer");
}

/** Those that the gateway leads to the server that each packet names: `GRE`. */
export function forwardedFlows<L extends string>(of: readonly Protocol<L>[]): ForwardedFlow<L>[] {
  return flowsOf(of).filter((flow) => flow.by === "gateway");
}
