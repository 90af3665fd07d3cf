/** The codec, against bytes that were captured: Debian 13's pptpd 1.5.0 took these requests and sent these answers. */
import { describe, expect, test } from "vitest";
import { callWords, startWords } from "../../../probe/legs/codes.ts";
import {
  callRequest,
  clearRequest,
  decode,
  echoReply,
  startRequest,
  stopRequest,
} from "../../../probe/legs/pptp.ts";
import { CALL_REPLY, START_REPLY } from "../fake-server.ts";

const bytes = (hex: string) => Buffer.from(hex, "hex");

describe("what a client sends", () => {
  test.each([
    [
      "Start-Control-Connection-Request",
      startRequest("pptp-fleet-probe"),
      `009c00011a2b3c4d0001000001000000000000030000000300000000${"707074702d666c6565742d70726f6265".padEnd(128, "0")}${"707074702d666c656574".padEnd(128, "0")}`,
    ],
    [
      "Outgoing-Call-Request",
      callRequest(0x1234),
      "00a800011a2b3c4d000700001234000100000960009896800000000300000003000300000000".padEnd(336, "0"),
    ],
    ["Call-Clear-Request", clearRequest(0x1234), "001000011a2b3c4d000c000012340000"],
    ["Stop-Control-Connection-Request", stopRequest(), "001000011a2b3c4d0003000001000000"],
    ["Echo-Reply", echoReply(0xbadcafe), "001400011a2b3c4d000600000badcafe01000000"],
  ])("%s", (_kind, message, hex) => {
    expect(message.toString("hex")).toBe(hex);
  });

  test("a host's name longer than its field does not reach into the next one", () => {
    expect(startRequest("h".repeat(100)).toString("latin1", 28, 102)).toBe(`${"h".repeat(63)}\0pptp-fleet`);
  });
});

describe("what a client hears", () => {
  test("pptpd's start reply", () => {
    expect(decode(bytes(START_REPLY)).message).toEqual({
      ...{ kind: "Start-Control-Connection-Reply", result: 1, error: 0 },
      ...{ host: "local", vendor: "linux" },
    });
  });

  test("pptpd's call reply: its own call ID, then ours", () => {
    const fields = { kind: "Outgoing-Call-Reply", callId: 0, peerCallId: 0x1234, result: 1, error: 0 };
    expect(decode(bytes(CALL_REPLY)).message).toEqual(fields);
  });

  test("a message that is not whole is none yet, at any length", () => {
    const reply = bytes(CALL_REPLY);
    const lengths = [...reply.keys()].filter((n) => decode(reply.subarray(0, n)).message !== undefined);
    expect(lengths).toEqual([]);
  });

  test("two messages in one piece, one after the other", () => {
    const first = decode(bytes(START_REPLY + CALL_REPLY));
    expect([first.message?.kind, decode(first.rest).message?.kind, decode(first.rest).rest.length]).toEqual([
      "Start-Control-Connection-Reply",
      "Outgoing-Call-Reply",
      0,
    ]);
  });

  test.each([
    ["HTTP", Buffer.from("HTTP/1.1 400 Bad Request"), /"HTTP\/1\.1 400 Bad Request"/],
    ["another magic cookie", bytes("001000011a2b3c4e00030000"), /magic cookie/],
    ["a management message", bytes("001000021a2b3c4d00030000"), /header/],
    ["a length beyond any message", bytes("ffff00011a2b3c4d00030000"), /header/],
    ["a length below the header", bytes("000b00011a2b3c4d00030000"), /header/],
    ["a length of another message", bytes("001100011a2b3c4d00030000"), /type 3 has 17 bytes/],
  ])("%s is no PPTP", (_what, given, words) => {
    expect(() => decode(given)).toThrow(words);
  });

  test("no control character of a peer reaches a person's terminal", () => {
    const reply = bytes(START_REPLY);
    reply.write("a\x1b[2Jb", 28, "latin1");
    expect(decode(reply).message).toMatchObject({ host: "a?[2Jb" });
    expect(() => decode(Buffer.from("\x1b[2J\x1b[2Jxxxx"))).toThrow(/"\.\[2J\.\[2J/);
  });
});

describe("codes in words (RFC 2637)", () => {
  test.each([
    [startWords(4, 0), "result 4 (the requester is not authorized)"],
    [startWords(2, 4), /^result 2 \(general error\), error 4 \(no resource/],
    [callWords(7, 0), /administratively prohibited/],
    [callWords(4, 0), "result 4 (busy)"],
    [callWords(99, 77), "result 99 (unknown to RFC 2637), error 77 (unknown to RFC 2637)"],
  ])("%s", (words, expected) => {
    if (typeof expected === "string") expect(words).toBe(expected);
    else expect(words).toMatch(expected);
  });
});
