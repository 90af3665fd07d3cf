import { describe, expect, test } from "vitest";
import { checksum, gre, tcp } from "../../../bench/gateway/packets.ts";

const ENDS = { source: "198.18.0.1", destination: "10.42.16.20" };

test("the checksum is RFC 1071's, by its own example, and takes an odd byte as the first of a pair", () => {
  expect(checksum(Buffer.from("0001f203f4f5f6f7", "hex"))).toBe(~0xddf2 & 0xffff);
  expect(checksum(Buffer.from("000100", "hex"))).toBe(checksum(Buffer.from("00010000", "hex")));
});

describe("GRE", () => {
  const packet = gre(ENDS, 0xfbff, 60);

  test("is version 1 with a key and a sequence number, the call ID at the seventh byte", () => {
    expect(packet.subarray(20, 32).toString("hex")).toBe("3001880b001cfbff00000001");
  });

  test("has its addresses, its length and a checksum that holds", () => {
    expect(packet).toHaveLength(60);
    expect(packet.subarray(0, 20).toString("hex")).toMatch(/^4500003c00000000402f....c61200010a2a1014$/);
    expect(checksum(packet.subarray(0, 20))).toBe(0);
  });
});

test("a TCP segment has a checksum that holds over its addresses too", () => {
  const packet = tcp(ENDS, { sourcePort: 40_000, destinationPort: 1723, seq: 1, ack: 2, data: 17 });
  expect(packet).toHaveLength(57);
  const pseudo = Buffer.concat([packet.subarray(12, 20), Buffer.of(0, 6, 0, 37)]);
  expect(checksum(Buffer.concat([pseudo, packet.subarray(20)]))).toBe(0);
  expect(packet.subarray(20, 34).toString("hex")).toBe("9c4006bb00000001000000025018");
});
