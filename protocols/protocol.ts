/**
 * A protocol of tunnels: all of it that others than its daemon have to know. Facts and pure functions, below all other
 * folders: settings, plan, parts, rules, front door, policies and probe read them here.
 */

/** @typeParam Leg the names of the legs of its dials. */
export interface Protocol<Leg extends string = string> {
  /** In lower case, as its folder. */
  name: string;
  /** Its flows between a client and what it dials; each by a name of its own among those of all protocols. */
  flows: Flow<Leg>[];
  overhead: Overhead;
  /** The order of timers that keeps a quiet tunnel alive, a chain a flow. */
  chains(keepalive: Keepalive, path: Path): Chain[];
  /** Seconds that its own keepalive waits for an answer before the tunnel ends. */
  keepaliveTimeout: number;
  /** Its daemon's listen backlog: connections that wait while it hears a new client. */
  backlog: number;
  /** The legs of a dial, in order, by name: each as people read it. */
  legs: Record<Leg, string>;
}

/** TCP or UDP. */
export interface Ported {
  protocol: "tcp" | "udp";
  /** The server's. */
  port: number;
  /** What a client's own may be, behind its NAT too. */
  clientPorts: readonly [from: number, to: number];
}

/** Any other IP protocol, by its number (IANA). */
export interface Portless {
  protocol: number;
  port?: never;
}

interface FlowFacts<Leg extends string> {
  /** Names its rules and resources: `control`. */
  name: string;
  /** What it carries, as a rule's description says it: `PPTP control`. */
  carries: string;
  /** As people call it: `TCP 1723`, `GRE`. */
  title: string;
  /** The legs of a dial that a closed way there, and back, breaks. */
  legs: { there: Leg; back: Leg };
}

/** A flow by which the balancer chooses a client's server. */
export type BalancedFlow<Leg extends string = string> = FlowFacts<Leg> & Ported & { by: "balancer" };

/** A flow that the gateway leads to its server, which each packet names. */
export type ForwardedFlow<Leg extends string = string> = FlowFacts<Leg> &
  (Ported | Portless) & { by: "gateway" };

/** Either, told apart by `by`: who on the way finds its server. */
export type Flow<Leg extends string = string> = BalancedFlow<Leg> | ForwardedFlow<Leg>;

/** IPv4 bytes that a tunnel adds to an inner packet. */
export interface Overhead {
  most: number;
  least: number;
  /** Of `most`, those of encryption. */
  encryption: number;
}

/** A time that somebody on a tunnel's path counts. */
export interface Timer {
  name: string;
  seconds: number;
  /** Where the number comes from. */
  source: string;
  /** The key that sets it, where one does. */
  key?: string;
}

/** Each of `forgets` must be longer than `speaks`; they are in order, the shortest first. */
export interface Chain {
  /** The flow's title. */
  flow: string;
  speaks: Timer;
  forgets: Timer[];
}

/** What of the config's group `keepalive` the chains are made of, in seconds. */
export interface Keepalive {
  lcpEchoInterval: number;
  clientNatGre: number;
  clientNatTcp: number;
}

/** What forgets a quiet flow between a client's NAT and the server's daemon, by what kind of flow it is. */
export interface Path {
  group: { tcp: Timer; others: Timer };
  balancer: { tcp: Timer };
  /** The server's connection tracking. */
  tracking: { tcp: Timer; gre?: Timer };
}

/** A chain of timers. @param forgets In any order. */
export function chain(flow: Pick<Flow, "title">, speaks: Timer, forgets: Timer[]): Chain {
  return { flow: flow.title, speaks, forgets: forgets.toSorted((a, b) => a.seconds - b.seconds) };
}
