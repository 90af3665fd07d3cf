/** A packet on its way through a machine; rules change it. */
export interface Packet {
  /** The interface it came by, such as `eth0`. */
  iif: string;
  /** The one it would leave by; empty until it is routed. */
  oif: string;
  source: number;
  destination: number;
  /** IP protocol number. */
  protocol: number;
  /** From the transport's header on. */
  payload: Buffer;
  /** conntrack's state of its flow. */
  state: "new" | "untracked";
  mark: number;
}

export type Verdict = "accept" | "drop";
/** Of a chain: `stolen` left already, by `fwd`; undefined goes on where the chain was come from. */
export type Outcome = Verdict | "return" | "stolen" | undefined;
/** A statement of a rule: false ends the rule, an outcome the chain, true goes on. */
export type Step = (packet: Packet) => boolean | Exclude<Outcome, undefined>;
