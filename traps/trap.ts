/**
 * A trap: what Linux, a daemon, AWS or a tool does against expectation, and what follows from it here. The records are
 * cited by their slugs: in a tuning's `traps`, which the compiler checks, and in comments in one form,
 * (traps: icmp-error-ends-tunnel, frag-needed-goes-to-dialled-address), which test/traps.test.ts does. docs/traps.md is
 * made from them.
 */

interface Seen {
  /** What happens, in whole sentences; of a fault in somebody else's software what goes wrong, not how to bring it about. */
  seen: string;
  /** Where that is known from: programs with their versions, AWS's pages, a source. A clause. */
  versions: string;
}

/** The product has an answer, and a test fails without it. */
export interface Answered extends Seen {
  /** What we do, in whole sentences. */
  answer: string;
  /** That test: a file under test/ and a title in it, as of a tuning. */
  test: string;
}

/** The product has an answer that no test of ours can miss. */
export interface Untested extends Seen {
  answer: string;
  /** Why not: a clause. */
  untested: string;
}

/** About something that is not built. */
export interface Ahead extends Seen {
  /** What whoever builds it has to do, in whole sentences. */
  ahead: string;
}

export type Trap = Answered | Untested | Ahead;

/** Traps of one topic by slug: lower-case words joined by hyphens, and what happens rather than where. */
export type Topic = Readonly<Record<string, Trap>>;
