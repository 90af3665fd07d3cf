/** The legs of a dial, in order, and what became of each. */
import { LEGS } from "../../protocols/pptp/legs.ts";
import type { Leg } from "../../protocols/protocols.ts";

export { LEGS, type Leg };
export const ORDER = Object.keys(LEGS) as Leg[];

/** `unclear`: it cannot be told from where we stand; the next leg that failed may have failed by it. */
export type State = "ok" | "failed" | "skipped" | "unclear";

export interface LegResult {
  leg: Leg;
  state: State;
  /** Since the leg before it was through; none for a leg that was skipped. */
  seconds?: number;
  /** One line for people. */
  detail: string;
}

/** Takes down what became of each leg, as it comes. */
export class Log {
  readonly results: LegResult[] = [];
  private readonly tell: (result: LegResult) => void;
  private readonly now: () => number;
  private last: number;

  /** @param now Milliseconds that never go back. */
  constructor(tell: (result: LegResult) => void = () => {}, now: () => number = () => performance.now()) {
    this.tell = tell;
    this.now = now;
    this.last = now();
  }

  /** @param at When the leg was through, on the clock of `now`. @default now */
  add(leg: Leg, state: State, detail: string, at: number = this.now()): void {
    const timed = state === "ok" || state === "failed";
    const seconds = Math.round(Math.max(0, at - this.last)) / 1000;
    this.record({ leg, state, ...(timed ? { seconds } : {}), detail });
    if (timed) this.last = Math.max(this.last, at);
  }

  /** The legs that nobody came to. */
  skipRest(why: string): void {
    for (const leg of ORDER)
      if (!this.results.some((each) => each.leg === leg)) this.record({ leg, state: "skipped", detail: why });
  }

  /** The first leg that failed. */
  get failed(): Leg | undefined {
    return this.results.find(({ state }) => state === "failed")?.leg;
  }

  get allOk(): boolean {
    return ORDER.every((leg) => this.results.some((each) => each.leg === leg && each.state === "ok"));
  }

  private record(result: LegResult): void {
    this.results.push(result);
    this.tell(result);
  }
}
