import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addresses,
  contains,
  formatAddress,
  formatCidr,
  intersection,
  largest,
  network,
  nthAddress,
  overlaps,
  parseAddress,
  parseCidr,
} from "../../settings/ipv4.ts";

const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const cidr = fc
  .tuple(address, fc.integer({ min: 0, max: 32 }))
  .map(([base, prefix]) => network(base, prefix));

test("an address above 127.255.255.255 is a positive number", () => {
  expect(parseAddress("255.255.255.255")).toBe(4_294_967_295);
});

test("what is formatted is read back the same", () => {
  fc.assert(fc.property(address, (value) => parseAddress(formatAddress(value)) === value));
  fc.assert(fc.property(cidr, (value) => formatCidr(parseCidr(formatCidr(value))) === formatCidr(value)));
});

test.each([
  "010.0.0.1",
  "10.1",
  "0x7f.0.0.1",
  "1.2.3.4.5",
  "256.0.0.1",
  " 10.0.0.1",
  "10.0.0.1\n",
  "::1",
  "",
])("%j is no address", (text) => {
  expect(() => parseAddress(text)).toThrow(RangeError);
});

test.each([
  "10.0.0.0",
  "10.0.0.0/08",
  "10.0.0.0/33",
  "10.0.0.0/-1",
  "10.0.0.0/8 ",
  "10.0.0.0/8\n",
  "::/0",
  "/8",
])("%j is no CIDR", (text) => {
  expect(() => parseCidr(text)).toThrow(/not an IPv4 CIDR/);
});

test("host bits are refused with the network that was meant", () => {
  expect(() => parseCidr("10.42.7.9/16")).toThrow("host bits are set in 10.42.7.9/16: 10.42.0.0/16");
});

describe("networks", () => {
  test("a /24 has 256 addresses, 0.0.0.0/0 has 2^32", () => {
    expect([addresses({ prefix: 24 }), addresses({ prefix: 0 })]).toEqual([256, 2 ** 32]);
  });

  test("the nth address counts from 0 and ends with the network", () => {
    const net = parseCidr("10.42.0.0/30");
    expect([0, 3].map((n) => formatAddress(nthAddress(net, n)))).toEqual(["10.42.0.0", "10.42.0.3"]);
    expect(() => nthAddress(net, 4)).toThrow(RangeError);
  });

  test("a network contains its own and smaller ones, not its neighbour", () => {
    const outer = parseCidr("10.42.0.0/16");
    const inner = ["10.42.0.0/16", "10.42.255.0/24", "10.43.0.0/16", "10.0.0.0/8"].map(parseCidr);
    expect(inner.map((net) => contains(outer, net))).toEqual([true, true, false, false]);
  });

  test("two networks overlap where, and only where, one address is in both", () => {
    const last = (net: { base: number; prefix: number }) => net.base + addresses(net) - 1;
    fc.assert(fc.property(cidr, cidr, (a, b) => overlaps(a, b) === (a.base <= last(b) && b.base <= last(a))));
  });

  test("the largest are without those in another, each once", () => {
    const nets = ["10.9.0.0/16", "10.9.8.0/24", "10.9.0.0/16", "10.8.0.0/16"].map(parseCidr);
    expect(largest(nets).map(formatCidr)).toEqual(["10.9.0.0/16", "10.8.0.0/16"]);
  });

  test("an address is in the intersection where, and only where, it is in both, and in one network of it", () => {
    const some = fc.array(cidr, { maxLength: 4 });
    const count = (nets: { base: number; prefix: number }[], value: number) =>
      nets.filter((net) => contains(net, { base: value, prefix: 32 })).length;
    fc.assert(
      fc.property(some, some, (a, b) => {
        const both = intersection(a, b);
        for (const { base } of [...a, ...b])
          expect(count(both, base)).toBe(Number(count(a, base) > 0 && count(b, base) > 0));
      }),
    );
  });
});
