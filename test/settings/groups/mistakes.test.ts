/** What is wrong with a key's members, one by one. */
import { describe, expect, test } from "vitest";
import { readSettings } from "../../../settings/read.ts";
import { type Groups, only, result } from "./grouped.ts";

describe("a wrong member is refused by its name", () => {
  test.each<[string, Groups, RegExp]>([
    [
      "one that does not exist, with the nearest and its command",
      { mtu: { msss: 1300 } },
      /^mtu\.msss \| 1300 \| one of mtu, mru, mss \| did you mean mtu\.mss\? pulumi config set --path 'pptp-fleet:mtu\.mss' 1360; pulumi config rm --path 'pptp-fleet:mtu\.msss'$/,
    ],
    [
      "a word for a number",
      { limits: { halfOpen: "many" } },
      /^limits\.halfOpen \| "many" \| a whole number from 1/,
    ],
    ["half a second", { keepalive: { lcpEchoInterval: 0.5 } }, /^keepalive\.lcpEchoInterval \| 0\.5 \|/],
    ["one below its range", { conntrack: { max: 4095 } }, /^conntrack\.max \| 4095 \| .* from 4096/],
    ["a list for a number", { mtu: { mss: [1300] } }, /^mtu\.mss \| \[1300\] \|/],
    [
      "sizes that fall",
      { kernel: { tcpWmem: [4096, 2048, 8192] } },
      /^kernel\.tcpWmem \| \[4096,2048,8192\] \| .*rise/,
    ],
    [
      "two sizes for three",
      { kernel: { tcpRmem: [4096, 8192] } },
      /^kernel\.tcpRmem.* \| three whole numbers/,
    ],
    [
      "one size of three",
      { kernel: { tcpRmem: [1, 8192, 9000] } },
      /^kernel\.tcpRmem\[0\] \| 1 \| three whole numbers/,
    ],
    [
      "ports that would sit on PPTP's",
      { kernel: { ipLocalPortRange: [1024, 65_535] } },
      /^kernel\.ipLocalPortRange\[0\] \| 1024 \|/,
    ],
    [
      "a word that is none of its words",
      { nic: { qdisc: "cake" } },
      /^nic\.qdisc \| "cake" \| fq_codel, fq, pfifo_fast or keep \|/,
    ],
    [
      "more queues than any card has",
      { nic: { queues: 33 } },
      /^nic\.queues \| 33 \| a whole number from 1 to what the instanceType's card has, 32 at most \|/,
    ],
    [
      "a network on each machine's loopback",
      { egress: { cidrs: ["127.0.0.0/8"] } },
      /^egress\.cidrs\[0\] \| "127\.0\.0\.0\/8" \| networks that hosts can be in; 127\.0\.0\.0\/8 is each/,
    ],
    [
      "a network of multicast",
      { egress: { mode: "routed", cidrs: ["10.0.0.0/8", "239.0.0.0/8"] } },
      /^egress\.cidrs\[1\] \| "239\.0\.0\.0\/8" \| networks that hosts can be in; 224\.0\.0\.0\/3 is multicast/,
    ],
    [
      "a WINS server by broadcast",
      { ppp: { wins: ["255.255.255.255"] } },
      /^ppp\.wins\[0\] \| .* \| an address that a server can have; 224\.0\.0\.0\/3 is/,
    ],
    ["a network with host bits", { egress: { cidrs: ["10.9.0.1/16"] } }, /^egress\.cidrs\[0\] .* host bits/],
    [
      "a CIDR twice",
      { egress: { cidrs: ["10.9.0.0/16", "10.9.0.0/16"] } },
      /^egress\.cidrs\[1\] .* each CIDR once/,
    ],
    [
      "three WINS servers",
      { ppp: { wins: ["10.0.0.1", "10.0.0.2", "10.0.0.3"] } },
      /^ppp\.wins \| .* at most two/,
    ],
    ["a member of Object's", { mtu: { constructor: 1 } }, /^mtu\.constructor \| 1 \| one of mtu, mru, mss/],
  ])("%s", (_, config, message) => {
    expect(only(config)).toMatch(message);
  });

  test("and so is each of several, at once", () => {
    const found = result({ mtu: { mss: 1, mru: 1, other: 1 }, nic: { ring: "long" } });
    expect("mistakes" in found && found.mistakes.map(({ key }) => key).sort()).toEqual([
      "mtu.mru",
      "mtu.mss",
      "mtu.other",
      "nic.ring",
    ]);
  });

  test("without its value where that may be a secret", () => {
    expect(only({ ppp: { wins: [], password: "hunter2" } })).toMatch(/^ppp\.password \| \[secret\] \|/);
    expect(only({ conntrack: { mode: "bypass, please" } })).toMatch(
      /^conntrack\.mode \| "bypass, please" \|/,
    );
  });
});

describe("a group", () => {
  test.each(["1300", "[1300]", "mss=1300", "null", '"mss"', "true"])("is no %s", (text) => {
    expect(only({ mtu: text })).toMatch(
      /^mtu \| .* \| an object with any of the members mtu, mru, mss \| pulumi config set --path 'pptp-fleet:mtu\./,
    );
  });

  test("is not set by a key with a dot in it, which only looks like a member", () => {
    const raw = { allowedCidrs: '["198.51.100.0/24"]', "mtu.mss": "1300" };
    const found = readSettings(raw, new Set());
    expect("mistakes" in found && found.mistakes).toEqual([
      expect.objectContaining({
        key: "mtu.mss",
        value: '"1300"',
        fix: "a group's member is set with --path: pulumi config set --path 'pptp-fleet:mtu.mss' <value>; pulumi config rm pptp-fleet:mtu.mss",
      }),
    ]);
  });
});
