/** From readings to what may be said of them. */

/** A number known to lie within two bounds, which are the same where it was read. */
export type Interval = [low: number, high: number];

/** What one round read; `null` stands for "more than the cap". */
export interface Pair {
  stock: number | null;
  ours: number | null;
}

export interface Gain {
  /** Over 1, ours is better. */
  median: Interval;
  /** The least and the most of any round. */
  spread: Interval;
  verdict: Verdict;
}

/** `no gain` where the rounds do not all say the same, or hardly say anything. */
export type Verdict = "better" | "no gain" | "worse" | "too few rounds";

/** A difference that counts in none of the rounds: less than the readings of one variant differ among themselves. */
const NOTHING = 0.01;

/** Fewer agree by chance too often. */
const LEAST_ROUNDS = 3;

/** @throws Error where there is nothing to take a median of. */
export function median(values: number[]): number {
  if (values.length === 0) throw new Error("no values");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)]!, sorted[Math.ceil(middle)]!];
  return low === high ? low : (low + high) / 2;
}

/**
 * How many times better ours was than stock in the same round: a machine that drifts, drifts for both.
 *
 * @param cap What a `null` is more than; without one, there is none.
 */
export function gainOf(pairs: Pair[], better: "higher" | "lower", cap = Number.POSITIVE_INFINITY): Gain {
  const ratios = pairs.map((pair) => ratio(pair, better, cap));
  const [lows, highs] = [ratios.map(([low]) => low), ratios.map(([, high]) => high)];
  const spread: Interval = [Math.min(...lows), Math.max(...highs)];
  return { median: [median(lows), median(highs)], spread, verdict: verdictOf(spread, pairs.length) };
}

function ratio({ stock, ours }: Pair, better: "higher" | "lower", cap: number): Interval {
  const range = (value: number | null): Interval =>
    value === null ? [cap, Number.POSITIVE_INFINITY] : [value, value];
  const [over, under] = better === "higher" ? [ours, stock] : [stock, ours];
  const [a, b] = [range(over), range(under)];
  return [a[0] / b[1], a[1] / b[0]];
}

function verdictOf([low, high]: Interval, rounds: number): Verdict {
  if (rounds < LEAST_ROUNDS) return "too few rounds";
  if (low > 1 + NOTHING) return "better";
  return high < 1 - NOTHING ? "worse" : "no gain";
}
