/** The machine that dials, as the probe sees it: it runs commands and connects. */
export interface Outcome {
  /** Exit code, 128 + n after signal n, 127 where there is no such program. */
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Goes to stdin. The place for a secret: argv is visible to every process. */
  input?: string;
  /** @default 60 s */
  timeoutMs?: number;
}

/** Runs a program and waits for it; a program that fails is a result. `lab/guest/agent.ts`'s `exec` is one of these. */
export type Run = (argv: string[], options?: RunOptions) => Promise<Outcome>;

export interface DialingMachine {
  /** As whoever runs the probe. */
  run: Run;
  /** As root. */
  runAsRoot: Run;
  /** @throws NoConnection */
  connect(address: string, port: number, timeoutMs: number): Promise<Wire>;
}

/** A TCP connection. */
export interface Wire {
  send(bytes: Buffer): Promise<void>;
  /**
   * What comes next, some bytes at least.
   *
   * @throws Silent when nothing does within the time, Closed when the peer has ended the connection.
   */
  receive(timeoutMs: number): Promise<Buffer>;
  /** Ends it. Never throws. */
  close(): Promise<void>;
}

export class Silent extends Error {}
export class Closed extends Error {}

/** Why there is no connection: a refusal by RST, no answer, an ICMP error or no route, or anything else. */
export type Reason = "refused" | "silent" | "unreachable" | "other";

export class NoConnection extends Error {
  readonly reason: Reason;

  constructor(reason: Reason, message: string) {
    super(message);
    this.reason = reason;
  }
}
