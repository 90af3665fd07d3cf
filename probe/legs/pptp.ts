/**
 * PPTP's control messages as bytes (RFC 2637, 2): those that a client sends, and those that it may hear. Pure.
 *
 *     length 2 │ message type 2 = 1 │ magic cookie 4 │ control type 2 │ reserved 2 │ the message's own fields
 */

const MAGIC = 0x1a2b3c4d;
const CONTROL_MESSAGE = 1;
const VERSION = 0x0100;
const HEADER = 12;
/** Bytes in the longest control message, Incoming-Call-Request; nothing longer is one. */
const LONGEST = 220;

/** Control types, and the length that each message has. */
const TYPES = {
  1: { kind: "Start-Control-Connection-Request", length: 156 },
  2: { kind: "Start-Control-Connection-Reply", length: 156 },
  3: { kind: "Stop-Control-Connection-Request", length: 16 },
  4: { kind: "Stop-Control-Connection-Reply", length: 16 },
  5: { kind: "Echo-Request", length: 16 },
  6: { kind: "Echo-Reply", length: 20 },
  7: { kind: "Outgoing-Call-Request", length: 168 },
  8: { kind: "Outgoing-Call-Reply", length: 32 },
  12: { kind: "Call-Clear-Request", length: 16 },
  13: { kind: "Call-Disconnect-Notify", length: 148 },
  14: { kind: "WAN-Error-Notify", length: 40 },
  15: { kind: "Set-Link-Info", length: 24 },
} as const;

type Type = keyof typeof TYPES;
export type Kind = (typeof TYPES)[Type]["kind"];

/** A message that was heard, with the fields that tell something. */
export type Message =
  | { kind: "Start-Control-Connection-Reply"; result: number; error: number; host: string; vendor: string }
  | { kind: "Outgoing-Call-Reply"; callId: number; peerCallId: number; result: number; error: number }
  | { kind: "Echo-Request"; identifier: number }
  | { kind: "Call-Disconnect-Notify"; callId: number; result: number; error: number }
  | { kind: "Stop-Control-Connection-Reply" | "Stop-Control-Connection-Request"; result: number }
  | { kind: "other"; type: number };

/** What is no PPTP: the peer speaks something else. */
export class NotPptp extends Error {}

/** Asks for a control connection. `host` says who asks, in at most 63 bytes of ASCII. */
export function startRequest(host: string): Buffer {
  const message = empty(1);
  message.writeUInt16BE(VERSION, 12);
  // Framing and bearer: both kinds of either, as pptp-linux asks.
  message.writeUInt32BE(3, 16);
  message.writeUInt32BE(3, 20);
  message.write(host.slice(0, 63), 28, "latin1");
  message.write("pptp-fleet", 92, "latin1");
  return message;
}

/** Asks for a call. `callId` is the asker's own: the server's GRE packets would carry it. */
export function callRequest(callId: number): Buffer {
  const message = empty(7);
  message.writeUInt16BE(callId, 12);
  message.writeUInt16BE(1, 14); // serial number
  message.writeUInt32BE(2400, 16); // bit/s at least and at most, as pptp-linux asks
  message.writeUInt32BE(10_000_000, 20);
  message.writeUInt32BE(3, 24); // any bearer
  message.writeUInt32BE(3, 28); // any framing
  message.writeUInt16BE(3, 32); // packets that we would take unacknowledged
  return message;
}

/** Ends the call that we have asked for by our own call ID. */
export function clearRequest(callId: number): Buffer {
  const message = empty(12);
  message.writeUInt16BE(callId, 12);
  return message;
}

/** Ends the control connection; reason 1: no particular one (2.3). */
export function stopRequest(): Buffer {
  const message = empty(3);
  message.writeUInt8(1, 12);
  return message;
}

export function echoReply(identifier: number): Buffer {
  const message = empty(6);
  message.writeUInt32BE(identifier, 12);
  message.writeUInt8(1, 16); // OK
  return message;
}

function empty(type: Type): Buffer {
  const message = Buffer.alloc(TYPES[type].length);
  message.writeUInt16BE(message.length, 0);
  message.writeUInt16BE(CONTROL_MESSAGE, 2);
  message.writeUInt32BE(MAGIC, 4);
  message.writeUInt16BE(type, 8);
  return message;
}

/**
 * The first message in what has arrived, and what is left after it; no message while it is not whole.
 *
 * @throws NotPptp for bytes that no PPTP server sends, as soon as they show it.
 */
export function decode(bytes: Buffer): { message?: Message; rest: Buffer } {
  const shown = bytes
    .subarray(0, 24)
    .toString("latin1")
    .replace(/[^ -~]/g, ".");
  if (bytes.length >= 8 && bytes.readUInt32BE(4) !== MAGIC)
    throw new NotPptp(`it answers without PPTP's magic cookie: "${shown}"`);
  if (bytes.length < HEADER) return { rest: bytes };
  const length = bytes.readUInt16BE(0);
  const type = bytes.readUInt16BE(8);
  const expected = (TYPES as Record<number, { length: number } | undefined>)[type]?.length;
  if (bytes.readUInt16BE(2) !== CONTROL_MESSAGE || length < HEADER || length > LONGEST)
    throw new NotPptp(`it sends a header that is no control message's: "${shown}"`);
  if (expected !== undefined && length !== expected)
    throw new NotPptp(`its message of type ${type} has ${length} bytes, and PPTP's has ${expected}`);
  if (bytes.length < length) return { rest: bytes };
  return { message: fields(type, bytes.subarray(0, length)), rest: bytes.subarray(length) };
}

function fields(type: number, bytes: Buffer): Message {
  const verdict = (at: number) => ({ result: bytes.readUInt8(at), error: bytes.readUInt8(at + 1) });
  switch (type) {
    case 2:
      return {
        kind: "Start-Control-Connection-Reply",
        ...verdict(14),
        host: text(bytes, 28),
        vendor: text(bytes, 92),
      };
    case 3:
      return { kind: "Stop-Control-Connection-Request", result: bytes.readUInt8(12) };
    case 4:
      return { kind: "Stop-Control-Connection-Reply", result: bytes.readUInt8(12) };
    case 5:
      return { kind: "Echo-Request", identifier: bytes.readUInt32BE(12) };
    case 8:
      return {
        kind: "Outgoing-Call-Reply",
        callId: bytes.readUInt16BE(12),
        peerCallId: bytes.readUInt16BE(14),
        ...verdict(16),
      };
    case 13:
      return { kind: "Call-Disconnect-Notify", callId: bytes.readUInt16BE(12), ...verdict(14) };
    default:
      return { kind: "other", type };
  }
}

/** A field of 64 bytes, to its first NUL, printable ASCII only. */
function text(bytes: Buffer, at: number): string {
  const [first = ""] = bytes.toString("latin1", at, at + 64).split("\0");
  return first.replace(/[^ -~]/g, "?");
}
