/** What the legs leave behind for those who look for the cause. */

import type { Reason } from "../machines/dialing-machine.ts";
import type { Reading } from "../pppd/log.ts";
import type { Counters } from "./gateway.ts";

export interface Evidence {
  /** Why there was no TCP connection. */
  tcp?: Reason;
  /** How the control connection failed. */
  control?: { how: "silent" | "closed" | "not PPTP" } | { how: "refused"; result: number; error: number };
  /** How the call failed. */
  call?: { how: "silent" | "closed" | "not PPTP" } | { how: "refused"; result: number; error: number };
  /** The server's own call ID: GRE to it carries this. */
  serverCallId?: number;
  /** What pppd and pptp said. */
  reading?: Reading;
  /** Why no tunnel could be tried from this machine. */
  lacks?: string[];
  /** Largest inner packet that passed, in bytes, and the interface's MTU. */
  largest?: { passed: number; mtu: number };
  /** How much the gateway's counters grew, during the control legs and during those after them. */
  grown: { control?: Counters; tunnel?: Counters };
}
