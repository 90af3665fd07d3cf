/** The lines of a run as Markdown. */
import { columns } from "../figures/columns.ts";
import type { Interval } from "../figures/statistics.ts";
import type { Line } from "./results.ts";

export function table(lines: Line[]): string {
  const head = ["", "unit", "stock", "ours", "gain", "least – most", "rounds", ""];
  const body = lines.map(({ row, stock, ours, cap, gain, rounds }) => [
    row.title,
    row.unit,
    reading(stock, row.digits, cap),
    reading(ours, row.digits, cap),
    interval(gain.median),
    `${interval([gain.spread[0], gain.spread[0]])} – ${interval([gain.spread[1], gain.spread[1]])}`,
    `${rounds}`,
    gain.verdict,
  ]);
  return columns([head, ...body]);
}

function reading(value: number | null, digits: number, cap?: number): string {
  return value === null ? `> ${cap}` : value.toFixed(digits);
}

/** `1.04`, or what is known of it: `≥ 2.10`, `≤ 0.50`; `?` where nothing is. */
export function interval([low, high]: Interval): string {
  if (low === high) return Number.isFinite(low) ? low.toFixed(2) : "∞";
  if (high === Number.POSITIVE_INFINITY) return low > 0 ? `≥ ${low.toFixed(2)}` : "?";
  return low > 0 ? `${low.toFixed(2)} – ${high.toFixed(2)}` : `≤ ${high.toFixed(2)}`;
}
