import { expect, test } from "vitest";
import { publicAddresses } from "../../../policy/resources/widths.ts";

test.each([
  ["none", [], 0n],
  ["one network", ["198.51.100.0/24"], 256n],
  ["one twice, and a part of it", ["198.51.100.0/24", "198.51.100.64/26", "198.51.100.0/24"], 256n],
  ["one by an address inside of it", ["198.51.100.7/24"], 256n],
  ["two side by side", ["198.51.100.0/25", "198.51.100.128/25"], 256n],
  ["private ones", ["10.0.0.0/8", "192.168.7.0/24", "100.64.0.0/10"], 0n],
  // 10.0.0.0/8 is a part of it.
  ["one around a private one", ["8.0.0.0/5"], 7n * 2n ** 24n],
  [
    "both halves of all",
    ["0.0.0.0/1", "128.0.0.0/1"],
    2n ** 32n - 2n ** 24n - 2n ** 20n - 2n ** 16n - 2n ** 22n,
  ],
  ["none of the other kind", ["2001:db8::/32"], 0n],
  ["no CIDR", ["anything"], 0n],
] as const)("of IPv4: %s", (_, cidrs, count) => {
  expect(publicAddresses("ipv4", [...cidrs])).toBe(count);
});

test("of IPv6: unique local and link-local addresses are nobody's on the internet", () => {
  expect(publicAddresses("ipv6", ["2001:db8::/32", "fd00::/8", "fe80::/10", "10.0.0.0/8"])).toBe(2n ** 96n);
  expect(publicAddresses("ipv6", ["::/1", "8000::/1"])).toBe(2n ** 128n - 2n ** 121n - 2n ** 118n);
});
