import { CALL_ID_RANGE, POSITIONS } from "../../protocols/pptp/call-ids.ts";

/** A server's own range, first and last; of it the server hands out every second one (protocols/pptp/call-ids.ts). */
export interface CallIds {
  first: number;
  last: number;
}

/**
 * Of the server at a position of its zone. Behind Elastic IPs positions go on past `POSITIONS`, and the ranges repeat: the
 * address tells such servers apart.
 */
export function callIds(position: number): CallIds {
  const first = (((position - 1) % POSITIONS) + 1) * CALL_ID_RANGE;
  return { first, last: first + CALL_ID_RANGE - 1 };
}
