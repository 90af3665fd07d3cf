/** The legs that need a tunnel: GRE out and back, LCP, authentication, MPPE, address; by the machine's own pppd. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Account } from "../../settings/keys/accounts.ts";
import type { DialingMachine } from "../machines/dialing-machine.ts";
import { type Addresses, type Reading, readDial, shownLog } from "../pppd/log.ts";
import { hangUp, type Mppe, pppdLog, pptpLog, startDial } from "../pppd/pppd.ts";
import type { Evidence } from "./evidence.ts";
import type { Leg, Log, State } from "./legs.ts";

export interface DialOptions {
  machine: DialingMachine;
  address: string;
  account: Account;
  mppe: Mppe;
  /** pppd itself gives up after 30 s without an answer. */
  timeoutMs: number;
  /** Ends it. */
  signal?: AbortSignal;
}

export interface Dialled {
  /** Set where the tunnel is up. */
  addresses?: Addresses;
  /** What pppd and pptp logged, fit to be shown. */
  log: string;
  hangUp(): Promise<void>;
}

const EVERY_MS = 200;

/** When each thing was first seen to be so, in milliseconds. */
type Seen = Partial<Record<keyof Reading, number>>;

/** Dials, and waits until the tunnel is up or pppd has given up. */
export async function dial(options: DialOptions, log: Log, evidence: Evidence): Promise<Dialled> {
  const { machine, address, account, mppe, timeoutMs, signal } = options;
  const run = machine.runAsRoot;
  const dialling = await startDial(run, address, account, mppe);
  const end = performance.now() + timeoutMs;
  const seen: Seen = {};
  let state = { running: true, log: "" };
  try {
    for (;;) {
      signal?.throwIfAborted();
      state = await pppdLog(run, dialling);
      const reading = readDial(state.log, "");
      note(seen, reading);
      if (reading.addresses || !state.running || performance.now() > end) break;
      await sleep(EVERY_MS);
    }
    const pptp = await pptpLog(run, dialling);
    const reading = readDial(state.log, pptp);
    evidence.reading = reading;
    tell(log, reading, seen, mppe);
    const up = state.running && !log.failed && reading.addresses;
    const ended = state.running ? "" : `pppd has ended\n`;
    return {
      ...(up ? { addresses: up } : {}),
      log: `${ended}${shownLog(state.log, pptp)}`,
      hangUp: () => hangUp(run, dialling),
    };
  } catch (error) {
    await hangUp(run, dialling);
    throw error;
  }
}

function note(seen: Seen, reading: Reading): void {
  for (const [key, value] of Object.entries(reading) as [keyof Reading, unknown][])
    if (value && seen[key] === undefined) seen[key] = performance.now();
}

/** What each leg became, to the first that failed. */
export function tell(log: Log, reading: Reading, seen: Seen, mppe: Mppe): void {
  for (const { leg, state, detail, by } of verdicts(reading, mppe)) {
    const failed = state === "failed";
    log.add(
      leg,
      state,
      failed ? [detail, ...reading.said].join("; ") : detail,
      failed ? undefined : seen[by],
    );
    if (failed) return;
  }
}

interface Verdict {
  leg: Leg;
  state: State;
  detail: string;
  /** What proved it. */
  by: keyof Reading;
}

function verdicts(reading: Reading, mppe: Mppe): Verdict[] {
  const { heard, lcp, auth, addresses } = reading;
  const either = (leg: Leg, by: keyof Reading, ok: boolean, good: string, bad: string): Verdict =>
    ok ? { leg, state: "ok", detail: good, by } : { leg, state: "failed", detail: bad, by };
  const strength = reading.mppe ?? (mppe === "none" ? "none, as asked for" : undefined);
  const where =
    addresses && `${addresses.local} here, ${addresses.remote} at the server, on ${addresses.interface}`;
  return [
    greOut(reading),
    either(
      "greBack",
      "heard",
      heard,
      "the server's packets come",
      "no GRE packet (IP protocol 47) from the server",
    ),
    either("lcp", "lcp", lcp, "both ends agree", "LCP options were not agreed on"),
    either("auth", "auth", auth, "MS-CHAPv2", "the server did not accept name and password"),
    either("mppe", "mppe", strength !== undefined, strength ?? "", "MPPE was not agreed on"),
    either("address", "addresses", where !== undefined, where ?? "", "no addresses were agreed on"),
  ];
}

function greOut({ called, heard, answered }: Reading): Verdict {
  const verdict = (state: State, detail: string): Verdict => ({
    leg: "greOut",
    state,
    detail,
    by: "answered",
  });
  if (called === false) return verdict("failed", "pptp-linux got no call of its own, after ours");
  if (answered) return verdict("ok", "the server answers what we send");
  if (heard) return verdict("failed", "the server's packets come, and it answers none of ours");
  return verdict(
    "unclear",
    "nothing comes back, so whether it gets there only the gateway knows (--gateway)",
  );
}
