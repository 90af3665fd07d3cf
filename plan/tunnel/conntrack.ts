/** What the server's own connection tracking does, and how much room it has. */
import type { Settings } from "../../settings/schema.ts";

/** nf_conntrack's settings of a server. */
export interface Conntrack {
  mode: "bypass" | "track";
  /** Whether PPTP's control connection is read, so that each call is a flow of its own. */
  helper: boolean;
  /** Seconds; only where GRE is tracked. */
  greTimeout: number;
  greTimeoutStream: number;
  /** Seconds. */
  tcpTimeoutEstablished: number;
  /** Entries. */
  max: number;
  /** Of the hash: a power of two, one for each entry. */
  buckets: number;
}

/** Flows that a busy client keeps through NAT; devices that speak PPTP only keep a few. Our choice, not measured. */
const FLOWS_PER_SESSION = 256;
/** For control connections, the machine's own, and what has ended and not timed out. */
const FLOWS_OF_ITS_OWN = 4096;

/** What config leaves out is the kernel's default for GRE, and for the table what `sessionsPerServer` needs. */
export function conntrack({
  conntrack: set,
  egress,
  sessionsPerServer,
}: Pick<Settings, "conntrack" | "egress" | "sessionsPerServer">): Conntrack {
  const inner = egress.mode === "nat" ? sessionsPerServer * FLOWS_PER_SESSION : 0;
  const max = set.max ?? inner + FLOWS_OF_ITS_OWN;
  const track = set.mode === "track";
  return {
    mode: track ? "track" : "bypass",
    helper: track && (set.helper ?? true),
    greTimeout: set.greTimeout ?? 30,
    greTimeoutStream: set.greTimeoutStream ?? 180,
    tcpTimeoutEstablished: set.tcpTimeoutEstablished,
    max,
    buckets: 2 ** Math.ceil(Math.log2(max)),
  };
}
