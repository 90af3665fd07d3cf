/** The likeliest cause of each leg's failure, by what was observed. */
import { describe, expect, test } from "vitest";
import { causesOf } from "../../../probe/causes/causes.ts";
import type { Evidence } from "../../../probe/legs/evidence.ts";
import { COUNTERS, type Counters } from "../../../probe/legs/gateway.ts";
import { type Leg, ORDER } from "../../../probe/legs/legs.ts";
import { readDial } from "../../../probe/pppd/log.ts";

const grew = (some: Partial<Counters>): Counters => ({
  ...(Object.fromEntries(COUNTERS.map((name) => [name, 0])) as Counters),
  ...some,
});
const said = (pppd: string, pptp = "Outgoing call established") => readDial(pppd, pptp);

test.each(ORDER)("%s has a cause even where nothing is known", (leg) => {
  const causes = causesOf(leg, { grown: {} });
  expect(causes.length).toBeGreaterThan(0);
  expect(causes.every(({ cause, fix }) => cause.length > 10 && fix.length > 10)).toBe(true);
});

describe("first stands", () => {
  test.each<[string, Leg, Partial<Evidence>, RegExp]>([
    ["no answer to a SYN", "tcp", { tcp: "silent" }, /allowedCidrs/],
    ["a refusal", "tcp", { tcp: "refused" }, /first boot/],
    ["no route", "tcp", { tcp: "unreachable" }, /not this fleet's/],
    [
      "SYNs at the gateway",
      "tcp",
      { tcp: "silent", grown: { control: grew({ tcp_in: 3 }) } },
      /balancer's answer/,
    ],
    ["no SYN at the gateway", "tcp", { tcp: "silent", grown: { control: grew({}) } }, /allowedCidrs/],
    ["an end before the reply", "control", { control: { how: "closed" } }, /no call ID left/],
    ["silence after the connect", "control", { control: { how: "silent" } }, /one client at a time/],
    ["another protocol", "control", { control: { how: "not PPTP" } }, /no PPTP server/],
    ["no resource", "call", { call: { how: "refused", result: 2, error: 4 } }, /no call ID or no resource/],
    ["a prohibition", "call", { call: { how: "refused", result: 7, error: 0 } }, /does not accept calls/],
    ["an end in place of a call", "call", { call: { how: "closed" } }, /process of the connection died/],
    ["a machine without PPP", "greOut", { lacks: ["pppd"] }, /this machine cannot dial/],
    ["pptp without a call", "greOut", { reading: said("", "connect: x") }, /call manager/],
    ["stock call IDs", "greBack", { serverCallId: 128, reading: said("") }, /not from its range/],
    [
      "packets for no server",
      "greBack",
      { serverCallId: 2048, reading: said(""), grown: { tunnel: grew({ gre_in: 1, gre_no_server: 9 }) } },
      /not from its range/,
    ],
    ["nothing back", "greBack", { serverCallId: 2048, reading: said("") }, /PPTP passthrough/],
    [
      "GRE at the gateway and none back to it",
      "greBack",
      { serverCallId: 2048, reading: said(""), grown: { tunnel: grew({ gre_in: 9 }) } },
      /security group has no rule for protocol 47/,
    ],
    [
      "an ICMP error",
      "greBack",
      { reading: said("Modem hangup", "Outgoing call established\nshort read (-1): Protocol not available") },
      /ICMP error: the log/,
    ],
    [
      "a server that hangs up",
      "greBack",
      { serverCallId: 2048, reading: said("Modem hangup") },
      /pppd ended/,
    ],
    [
      "a denial",
      "auth",
      { reading: said("MS-CHAP authentication failed: Access denied") },
      /pptp-fleet:users/,
    ],
    ["no verdict", "auth", { reading: said("") }, /GRE stopped/],
    [
      "no MPPE here",
      "mppe",
      { reading: said("MPPE required, but kernel has no support.") },
      /kernel has no MPPE/,
    ],
    [
      "no MPPE there",
      "mppe",
      { reading: said("MPPE required but peer negotiation failed") },
      /another strength/,
    ],
  ])("%s", (_what, leg, evidence, first) => {
    expect(causesOf(leg, { grown: {}, ...evidence })[0]!.cause).toMatch(first);
  });
});

describe("ruled out", () => {
  test.each<[string, Leg, Partial<Evidence>, RegExp]>([
    ["a refusal does not come from a group: these drop", "tcp", { tcp: "refused" }, /allowedCidrs/],
    [
      "what reached the gateway was let in",
      "tcp",
      { grown: { control: grew({ tcp_in: 1 }) } },
      /allowedCidrs/,
    ],
    [
      "what left the gateway has passed the servers' route",
      "greBack",
      { reading: said(""), grown: { tunnel: grew({ gre_in: 9, gre_out: 9 }) } },
      /servers' default route/,
    ],
    ["a machine that cannot dial says nothing of the fleet", "greOut", { lacks: ["pppd"] }, /security group/],
    ["a full server ends no connection", "control", { control: { how: "closed" } }, /server is full/],
    ["call IDs of a range are right", "greBack", { serverCallId: 2048 }, /call IDs/],
  ])("%s", (_what, leg, evidence, gone) => {
    const causes = causesOf(leg, { grown: {}, ...evidence });
    expect(causes.filter(({ cause }) => gone.test(cause))).toEqual([]);
  });
});
