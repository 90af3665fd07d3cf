/**
 * How much of a server one address may take: pptpd itself has no such limit
 * (traps: one-new-client-at-a-time, backlog-of-three).
 */
import { pptp } from "../../protocols/pptp/pptp.ts";
import type { Settings } from "../../settings/schema.ts";

/** A server's limits for each client address, as its nftables rules hold them. */
export interface Limits {
  /** New connections to TCP 1723 from one address, each second. */
  dialsPerSecond: number;
  /** As many more at once, after a quiet minute. */
  dialBurst: number;
  /** Connections from one address at any time. */
  connectionsPerSource: number;
  /** Connections from one address that have said nothing yet. */
  halfOpenPerSource: number;
  /** The same of all addresses together. */
  halfOpen: number;
  /** Seconds after which a connection that says nothing counts no more. */
  halfOpenTimeout: number;
}

/** One office behind one address may fill a server, and dials again all at once after a power cut. */
export function limits({
  limits,
  sessionsPerServer,
}: Pick<Settings, "limits" | "sessionsPerServer">): Limits {
  const { initialPacketTimeout, connectionsPerSource = sessionsPerServer, ...rates } = limits;
  // By then pptpd has heard, and given up, what it had in hand and what waited in its backlog.
  return { ...rates, connectionsPerSource, halfOpenTimeout: initialPacketTimeout * (pptp.backlog + 1) };
}
