/** The legs up to the call, in our own PPTP: TCP 1723, control connection, call. What was opened is closed politely. */
import { setTimeout as sleep } from "node:timers/promises";
import { CALL_ID_RANGE, POSITIONS } from "../../protocols/pptp/call-ids.ts";
import { Closed, type DialingMachine, NoConnection, Silent, type Wire } from "../machines/dialing-machine.ts";
import { callWords, startWords } from "./codes.ts";
import type { Evidence } from "./evidence.ts";
import type { Log } from "./legs.ts";
import {
  callRequest,
  clearRequest,
  decode,
  echoReply,
  type Kind,
  type Message,
  NotPptp,
  startRequest,
  stopRequest,
} from "./pptp.ts";

export interface ControlOptions {
  machine: DialingMachine;
  /** IPv4. */
  address: string;
  port: number;
  /** How long to wait for each answer; others may be before us (traps: one-new-client-at-a-time). */
  answerMs: number;
}

/** How long a goodbye is waited for: nothing depends on it. */
const GOODBYE_MS = 2_000;

/**
 * Connections in all where each ends before its first answer. pptpd drops one of a hundred by itself, where a signal finds
 * it waiting for the first packet (our measurement); a server without a call ID left drops every one.
 */
const ATTEMPTS = 3;
const BETWEEN_MS = 1_000;

/** @returns whether there was a call. */
export async function controlLegs(options: ControlOptions, log: Log, evidence: Evidence): Promise<boolean> {
  for (let dropped = 0; ; dropped++) {
    const wire = await connection(options, log, evidence);
    if (wire === undefined) return false;
    try {
      if (dropped === 0) log.add("tcp", "ok", `${options.address} accepts connections`);
      const talk = new Talk(wire, options.answerMs);
      const reply = await talk.ask(startRequest("pptp-fleet-probe"), "Start-Control-Connection-Reply");
      if (!("how" in reply && reply.how === "closed" && dropped + 1 < ATTEMPTS))
        return (await started(reply, dropped, talk, log, evidence)) && (await call(talk, log, evidence));
    } finally {
      await wire.close();
    }
    await sleep(BETWEEN_MS);
  }
}

async function connection(
  { machine, address, port, answerMs }: ControlOptions,
  log: Log,
  evidence: Evidence,
): Promise<Wire | undefined> {
  try {
    return await machine.connect(address, port, answerMs);
  } catch (error) {
    if (!(error instanceof NoConnection)) throw error;
    evidence.tcp = error.reason;
    log.add("tcp", "failed", TCP_WORDS[error.reason](error.message));
    return undefined;
  }
}

const TCP_WORDS: Record<NoConnection["reason"], (message: string) => string> = {
  refused: () => "refused: the address is a machine's, and nothing listens there",
  silent: (message) => message,
  unreachable: (message) => `no way there: ${message}`,
  other: (message) => message,
};

/** @param dropped How many connections ended before this one. */
async function started(
  reply: Answer<"Start-Control-Connection-Reply">,
  dropped: number,
  talk: Talk,
  log: Log,
  evidence: Evidence,
): Promise<boolean> {
  if ("how" in reply) {
    evidence.control = { how: reply.how };
    log.add("control", "failed", dropped > 0 ? `${reply.words}, ${dropped + 1} times` : reply.words);
    return false;
  }
  const { result, error, host, vendor } = reply;
  if (result !== 1) {
    evidence.control = { how: "refused", result, error };
    log.add("control", "failed", `refused: ${startWords(result, error)}`);
    await talk.goodbye();
    return false;
  }
  const before = dropped > 0 ? `; at attempt ${dropped + 1}, as pptpd drops one now and then` : "";
  log.add("control", "ok", `host "${host}", vendor "${vendor}"${before}`);
  return true;
}

async function call(talk: Talk, log: Log, evidence: Evidence): Promise<boolean> {
  // Any number would do: our side of the call ends before GRE is sent.
  const own = 1 + Math.floor(Math.random() * 0xfffe);
  const reply = await talk.ask(callRequest(own), "Outgoing-Call-Reply");
  if ("how" in reply) {
    evidence.call = { how: reply.how };
    log.add("call", "failed", reply.words);
    return false;
  }
  const { result, error, callId } = reply;
  if (result !== 1) {
    evidence.call = { how: "refused", result, error };
    log.add("call", "failed", `refused: ${callWords(result, error)}`);
    await talk.goodbye();
    return false;
  }
  evidence.serverCallId = callId;
  log.add("call", "ok", callIdWords(callId));
  await talk.goodbye(own);
  return true;
}

/** The position in its zone that a call ID names (plan/place/call-ids.ts); undefined for one out of every range. */
export function positionOf(callId: number): number | undefined {
  const position = Math.floor(callId / CALL_ID_RANGE);
  return position >= 1 && position <= POSITIONS ? position : undefined;
}

export function callIdWords(callId: number): string {
  const position = positionOf(callId);
  return position === undefined
    ? `the server's call ID is ${callId}, of no server's range`
    : `the server's call ID is ${callId}: position ${position} of its zone`;
}

interface Unanswered {
  how: "silent" | "closed" | "not PPTP";
  words: string;
}

type Answer<K extends Message["kind"]> = Extract<Message, { kind: K }> | Unanswered;

/** A control connection: one question at a time. */
class Talk {
  private readonly wire: Wire;
  private readonly answerMs: number;
  private bytes: Buffer = Buffer.alloc(0);

  constructor(wire: Wire, answerMs: number) {
    this.wire = wire;
    this.answerMs = answerMs;
  }

  async ask<K extends Kind & Message["kind"]>(
    question: Buffer,
    kind: K,
    answerMs = this.answerMs,
  ): Promise<Answer<K>> {
    try {
      await this.wire.send(question);
      return await this.hear(kind, answerMs);
    } catch (error) {
      if (error instanceof Silent) return { how: "silent", words: `no ${kind} within ${answerMs / 1000} s` };
      if (error instanceof NotPptp) return { how: "not PPTP", words: error.message };
      if (error instanceof Closed) return { how: "closed", words: `${error.message} before its ${kind}` };
      throw error;
    }
  }

  /** Ends the call of this ID, where there is one, and the connection, and waits a little for the answers. */
  async goodbye(callId?: number): Promise<void> {
    if (callId !== undefined) await this.ask(clearRequest(callId), "Call-Disconnect-Notify", GOODBYE_MS);
    await this.ask(stopRequest(), "Stop-Control-Connection-Reply", GOODBYE_MS);
  }

  private async hear<K extends Message["kind"]>(
    kind: K,
    timeoutMs: number,
  ): Promise<Extract<Message, { kind: K }>> {
    for (const end = performance.now() + timeoutMs; ; ) {
      const { message, rest } = decode(this.bytes);
      this.bytes = rest;
      if (message?.kind === kind) return message as Extract<Message, { kind: K }>;
      if (message?.kind === "Echo-Request") await this.wire.send(echoReply(message.identifier));
      if (message?.kind === "Stop-Control-Connection-Request")
        throw new Closed("the server stopped the control connection");
      if (message === undefined)
        this.bytes = Buffer.concat([
          this.bytes,
          await this.wire.receive(Math.max(0, end - performance.now())),
        ]);
    }
  }
}
