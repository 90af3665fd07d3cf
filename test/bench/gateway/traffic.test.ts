import { expect, test } from "vitest";
import { forGuest, rowsOf } from "../../../bench/gateway/traffic.ts";
import { natRules } from "../../../bench/gateway/variants.ts";
import { makePlan } from "../../../plan/plan.ts";
import { givenFacts, givenSettings } from "../../shared/given.ts";

const gateway = makePlan(givenSettings({ frontDoor: "nlb" }), givenFacts(), "dev").gateways[0]!;
const OWN = "10.42.16.20";
const rows = Object.fromEntries(rowsOf(gateway, OWN).map((row) => [row.name, row]));

const source = (packet: Buffer) => [...packet.subarray(12, 16)].join(".");
const destination = (packet: Buffer) => [...packet.subarray(16, 20)].join(".");
const callId = (packet: Buffer) => packet.readUInt16BE(26);

test("a row that is spread has the edges of all 62 ranges, each for its own server", () => {
  const { packets } = rows["gre-in-short"]!;
  expect(packets).toHaveLength(62 * 4);
  for (const { first, last, address } of gateway.servers) {
    const its = packets.filter(({ arrives }) => arrives.destination === address);
    expect(its.map(({ sent }) => callId(sent))).toEqual(expect.arrayContaining([first, last]));
  }
});

test("clients send to the gateway's own address, and are sent to as if by it", () => {
  for (const { sent } of [...rows["gre-in-long"]!.packets, ...rows["tcp-in"]!.packets])
    expect(destination(sent)).toBe(OWN);
  for (const { arrives } of [...rows["gre-out-long"]!.packets, ...rows["tcp-out"]!.packets])
    expect(arrives.source).toBe(OWN);
});

test("plain forwarding is given each packet with the ends that it can leave as they are", () => {
  for (const { arrives, plain } of rows["gre-in-short"]!.packets)
    expect({ source: source(plain), destination: destination(plain) }).toEqual(arrives);
  for (const { sent, plain } of rows["gre-out-short"]!.packets) expect(plain).toEqual(sent);
});

test("each packet in has an answer out, so that connection tracking knows it", () => {
  for (const kind of ["gre-%-short", "gre-%-long", "tcp-%"]) {
    const ends = (way: string, of: (packet: Buffer) => string, to: (packet: Buffer) => string) =>
      rows[kind.replace("%", way)]!.packets.map(({ plain }) => `${of(plain)} ${to(plain)}`);
    expect(ends("out", destination, source)).toEqual(ends("in", source, destination));
  }
});

test("the guest gets packets without the zeros at their end, and whole as to their length", () => {
  const [short] = JSON.parse(forGuest([rows["gre-in-short"]!]));
  expect(Buffer.from(short.sent[0], "hex").readUInt16BE(2)).toBe(60);
  expect(short.sent[0]).toBe(rows["gre-in-short"]!.packets[0]!.sent.subarray(0, 32).toString("hex"));
  expect(short.arrives[0]).toBe("c61200010a2a0004");
  expect(short.plainArrives[0]).toBe(short.arrives[0]);
});

test("NAT knows every server, by the ranges of the plan", () => {
  const rules = natRules(gateway, OWN);
  for (const { first, last, address } of gateway.servers)
    expect(rules).toContain(`${first}-${last} : ${address}`);
});
