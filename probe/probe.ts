/** All legs of one dial, in order, on any machine (machines/dialing-machine.ts, machines/through.ts). */
import { CONTROL } from "../protocols/pptp/flows.ts";
import { isAddress } from "../settings/ipv4.ts";
import type { Account } from "../settings/keys/accounts.ts";
import type { Cause } from "./causes/cause.ts";
import { causesOf } from "./causes/causes.ts";
import { controlLegs } from "./legs/control.ts";
import { dial } from "./legs/dial.ts";
import type { Evidence } from "./legs/evidence.ts";
import { type Counters, controlFindings, tunnelFindings } from "./legs/gateway.ts";
import { innerLegs } from "./legs/inner.ts";
import { type Leg, type LegResult, Log } from "./legs/legs.ts";
import { Watch } from "./legs/watch.ts";
import type { DialingMachine } from "./machines/dialing-machine.ts";
import { lacks, type Mppe } from "./pppd/pppd.ts";

export interface ProbeOptions {
  machine: DialingMachine;
  /** What is dialled: an IPv4 address or a name. */
  address: string;
  account: Account;
  /** @default 128 */
  mppe?: Mppe;
  /** Reads the gateway's counters, where they can be had. */
  counters?: () => Promise<Counters>;
  /** Hears of each leg as it is through. */
  onLeg?: (result: LegResult) => void;
  /** Ends the probe; a tunnel is taken down before that. */
  signal?: AbortSignal;
  /** For tests. @default PPTP's own */
  port?: number;
  /** How long each answer up to the call is waited for. @default 12 s */
  answerMs?: number;
  /** @default 60 s */
  dialMs?: number;
}

export interface Report {
  /** As it was given, and the address that was dialled. */
  address: string;
  dialled?: string;
  ok: boolean;
  /** The first leg that failed. */
  failed?: Leg;
  legs: LegResult[];
  /** What usually makes that leg fail, the likeliest first. */
  causes: Cause[];
  /** What the gateway's counters say. */
  findings: string[];
  /** How much they grew: up to the call, and after it. */
  grown: Watch["grown"];
  /** What pppd and pptp logged. */
  log?: string;
}

export async function probe(options: ProbeOptions): Promise<Report> {
  const { machine, port = CONTROL.port, answerMs = 12_000, signal } = options;
  const log = new Log(options.onLeg);
  const watch = new Watch(options.counters);
  // The causes look at what has grown too.
  const evidence: Evidence = { grown: watch.grown };

  const address = await nameLeg(options, log);
  let said: string | undefined;
  if (address !== undefined) {
    const called = await watch.during(
      "control",
      () => controlLegs({ machine, address, port, answerMs }, log, evidence),
      (grown) => controlFindings(grown, log.failed !== "tcp"),
    );
    signal?.throwIfAborted();
    if (called && (await able(machine, log, evidence)))
      said = await watch.during(
        "tunnel",
        () => tunnelLegs(options, address, log, evidence),
        (grown) => tunnelFindings(grown, evidence.reading?.heard ?? false),
      );
  }
  const { failed } = log;
  log.skipRest("the dial ended before");
  return {
    address: options.address,
    ...(address === undefined ? {} : { dialled: address }),
    ok: log.allOk,
    ...(failed === undefined ? {} : { failed }),
    legs: log.results,
    causes: failed === undefined ? [] : causesOf(failed, evidence),
    findings: watch.findings,
    grown: watch.grown,
    ...(said === undefined ? {} : { log: said }),
  };
}

/** @returns the address to dial. */
async function nameLeg({ machine, address }: ProbeOptions, log: Log): Promise<string | undefined> {
  if (isAddress(address)) {
    log.add("name", "ok", `${address} is an address`);
    return address;
  }
  const { stdout, stderr } = await machine.run(["getent", "ahostsv4", address], { timeoutMs: 30_000 });
  const found = [...new Set(stdout.split("\n").flatMap((line) => line.match(/^[\d.]+/)?.[0] ?? []))];
  const [first, ...others] = found;
  if (first === undefined) {
    log.add("name", "failed", `${address} has no IPv4 address${stderr ? `: ${stderr.trim()}` : ""}`);
    return undefined;
  }
  const rest = others.length > 0 ? `; not dialled: ${others.join(", ")}` : "";
  log.add("name", "ok", `${address} is ${first}${rest}`);
  return first;
}

/** Whether this machine can dial at all. */
async function able(machine: DialingMachine, log: Log, evidence: Evidence): Promise<boolean> {
  const missing = await lacks(machine);
  if (missing.length === 0) return true;
  evidence.lacks = missing;
  log.add("greOut", "failed", `not tried: this machine lacks ${missing.join("; ")}`);
  return false;
}

/** @returns what pppd and pptp logged. */
async function tunnelLegs(
  options: ProbeOptions,
  address: string,
  log: Log,
  evidence: Evidence,
): Promise<string> {
  const { machine, account, mppe = "128", dialMs = 60_000, signal } = options;
  const settings = { machine, address, account, mppe, timeoutMs: dialMs };
  const dialled = await dial({ ...settings, ...(signal ? { signal } : {}) }, log, evidence);
  try {
    if (dialled.addresses) await innerLegs(machine, dialled.addresses, log, evidence);
    signal?.throwIfAborted();
  } finally {
    await dialled.hangUp();
  }
  return dialled.log;
}
