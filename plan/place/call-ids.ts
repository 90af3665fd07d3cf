/** The call IDs that a server hands out: its position in the top six bits of the 16 (RFC 2637, 2.7). */
export interface CallIds {
  first: number;
  last: number;
}

/** Positions that six bits name; 0 and 63 stay free, as 0 is no call ID and 65535 is a usual "none". */
export const POSITIONS = 62;

/** Behind Elastic IPs positions go on past 62, and the ranges repeat: the address tells such servers apart. */
export function callIds(position: number): CallIds {
  const first = (((position - 1) % POSITIONS) + 1) << 10;
  return { first, last: first + 1023 };
}
