/** How much of a server one address may take: pptpd itself has no such limit (traps 4 and 34). */
export interface Limits {
  /** New connections to TCP 1723 from one address, each second. */
  dialsPerSecond: number;
  /** As many more at once, after a quiet minute. */
  dialBurst: number;
  /** Connections from one address at any time. */
  connectionsPerSource: number;
}

/** One office behind one address may fill a server, and dials again all at once after a power cut. */
export function limits(sessionsPerServer: number): Limits {
  return { dialsPerSecond: 10, dialBurst: 40, connectionsPerSource: sessionsPerServer };
}
