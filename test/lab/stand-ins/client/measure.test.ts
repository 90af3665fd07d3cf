import { describe, expect, test } from "vitest";
import { megabits, mppeOf, mrus, outerLengths, pingOf, sessionOf } from "../../../../lab/client/measure.ts";

describe("MRUs that were agreed on", () => {
  test("are 1500 where none is asked for", () => {
    const log = `sent [LCP ConfAck id=0x1 <mru 1400> <asyncmap 0x0> <auth chap MS-v2>]
rcvd [LCP ConfAck id=0x1 <asyncmap 0x0> <magic 0x28af9503>]`;
    expect(mrus(log)).toEqual({ own: 1500, peer: 1400 });
  });

  test("are those of the last round", () => {
    const log = "sent [LCP ConfAck id=0x1 <mru 1400>]\nsent [LCP ConfAck id=0x2 <mru 1300>]";
    expect(mrus(log).peer).toBe(1300);
  });
});

describe("MPPE", () => {
  test("is as pppd names it", () => {
    expect(mppeOf("MPPE 128-bit stateless compression enabled")).toBe("128-bit stateless");
  });

  test("is an error where pppd does not say that it is on", () => {
    expect(() => mppeOf("local  IP address 10.99.0.10")).toThrow("MPPE");
  });

  test("of a session is not read from another session's lines", () => {
    const journal = `Nov 21 13:13:25 a-1 pppd[11]: MPPE 40-bit stateful compression enabled
Nov 21 13:13:25 a-1 pppd[12]: MPPE 128-bit stateless compression enabled
Nov 21 13:13:25 a-1 pppd[12]: remote IP address 10.99.0.10
Nov 21 13:13:26 a-1 pppd[11]: remote IP address 10.99.0.11`;
    expect(mppeOf(sessionOf(journal, "10.99.0.10"))).toBe("128-bit stateless");
    expect(mppeOf(sessionOf(journal, "10.99.0.11"))).toBe("40-bit stateful");
  });

  test("of an address is that of its newest session", () => {
    const journal = `x pppd[11]: MPPE 40-bit stateful compression enabled
x pppd[11]: remote IP address 10.99.0.10
x pppd[12]: MPPE 128-bit stateless compression enabled
x pppd[12]: remote IP address 10.99.0.10`;
    expect(mppeOf(sessionOf(journal, "10.99.0.10"))).toBe("128-bit stateless");
  });
});

test("an outer packet's length is counted by direction", () => {
  const packet = (length: number, from: string, to: string) =>
    `13:13:36.1 IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto GRE (47), length ${length})
    ${from} > ${to}: GREv1, Flags [key present, sequence# present], call 128, seq 9, length 1045\n`;
  const printed = packet(1065, "198.18.99.10", "198.18.0.1") + packet(1069, "198.18.0.1", "198.18.99.10");
  expect(outerLengths(printed)).toEqual({ sent: [1065], received: [1069] });
});

describe("ping", () => {
  test("with loss counts what came back", () => {
    const text = `64 bytes from 10.99.0.1: icmp_seq=1 ttl=64 time=5.428 ms
64 bytes from 10.99.0.1: icmp_seq=3 ttl=64 time=9.500 ms
64 bytes from 10.99.0.1: icmp_seq=3 ttl=64 time=9.600 ms (DUP!)
64 bytes from 10.99.0.1: icmp_seq=4 ttl=64 time=15.892 ms

4 packets transmitted, 3 received, +1 duplicates, 25% packet loss, time 3810ms
rtt min/avg/max/mdev = 5.428/9.500/15.892/2.1 ms`;
    const rtt = { min: 5.428, avg: 9.5, max: 15.892 };
    expect(pingOf(text, 4)).toEqual({ sent: 4, received: 3, rtt });
    // The fourth was sent while an answer to three of three was still awaited.
    expect(pingOf(text, 3)).toEqual({ sent: 3, received: 2, rtt });
  });

  test("with nothing back has no times", () => {
    const text = `From 10.99.0.2 icmp_seq=1 Destination Host Unreachable
3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 2030ms`;
    expect(pingOf(text, 3)).toEqual({ sent: 3, received: 0, rtt: { min: NaN, avg: NaN, max: NaN } });
  });
});

describe("iperf3", () => {
  test("counts what the receiver has, in Mbit/s", () => {
    const json = JSON.stringify({
      end: { sum_sent: { bits_per_second: 99e6 }, sum_received: { bits_per_second: 11_514_999 } },
    });
    expect(megabits(json)).toBe(11.51);
  });

  test("passes on what went wrong", () => {
    expect(() => megabits('{"error":"unable to connect to server"}')).toThrow("unable to connect");
  });
});
