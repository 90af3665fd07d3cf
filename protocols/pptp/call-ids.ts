/**
 * PPTP's call IDs, of 16 bits (RFC 2637, 2.7): every packet of a tunnel carries the one that its server chose. The top six
 * say which server of the zone, by its position; the other ten are the server's own to give.
 */

/** How many numbers 16 bits have. */
const ALL = 2 ** 16;

/** Call IDs of a server's own range. */
export const CALL_ID_RANGE = 2 ** 10;

/** The bits of a call ID that are the position. */
export const POSITION_MASK = ALL - CALL_ID_RANGE;

/** Positions that six bits name; 0 and 63 stay free, as 0 is no call ID and 65535 is a usual "none". */
export const POSITIONS = ALL / CALL_ID_RANGE - 2;

/** A server gives every second one: Debian's pptpctrl gives the next to a further call of one connection (measured). */
export const CALL_ID_STEP = 2;

/** Calls that a server can have at once. */
export const CALL_IDS_PER_SERVER = CALL_ID_RANGE / CALL_ID_STEP;

/** How far apart pptpd numbers its connections: MAX_CALLS_PER_TCP_LINK in its source. */
export const PPTPD_CALL_ID_STEP = 128;
