/** What the server's own connection tracking does, and how much room it has. */
import { UNSET } from "../../settings/groups/conntrack.ts";
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

/**
 * What config leaves out is the kernel's default for GRE, and for the table what `sessionsPerServer` needs (`UNSET`): whatever
 * `egress.mode` is, as what it was before is there for days.
 */
export function conntrack({
  conntrack: set,
  sessionsPerServer,
}: Pick<Settings, "conntrack" | "sessionsPerServer">): Conntrack {
  const max = set.max ?? sessionsPerServer * UNSET.flowsPerSession + UNSET.flowsOfItsOwn;
  const track = set.mode === "track";
  return {
    mode: track ? "track" : "bypass",
    helper: track && (set.helper ?? UNSET.helper),
    greTimeout: set.greTimeout ?? UNSET.greTimeout,
    greTimeoutStream: set.greTimeoutStream ?? UNSET.greTimeoutStream,
    tcpTimeoutEstablished: set.tcpTimeoutEstablished,
    max,
    buckets: 2 ** Math.ceil(Math.log2(max)),
  };
}
