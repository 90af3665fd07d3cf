import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Pool, pool, shareIndex, sharePrefix } from "../../../plan/place/pools.ts";
import { addresses, contains, formatAddress, overlaps, parseCidr } from "../../../settings/ipv4.ts";

const clientPool = parseCidr("10.0.0.0/8");
const sessions = fc.integer({ min: 1, max: 500 });
const index = fc.integer({ min: 0, max: 2000 });

const remotes = ({ remote }: Pool) =>
  remote.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i));

describe("a server's share of the clients' pool", () => {
  test("is 10.64.0.0/24 for the first of 250 sessions, with .1 for the server", () => {
    const { share, local, remote } = pool(parseCidr("10.64.0.0/14"), 250, 0);
    expect([share, formatAddress(local)]).toEqual([parseCidr("10.64.0.0/24"), "10.64.0.1"]);
    expect(remote.map(({ first, last }) => [formatAddress(first), formatAddress(last)])).toEqual([
      ["10.64.0.2", "10.64.0.251"],
    ]);
  });

  test("has one address a session, all different, all inside it, none of them the server's", () => {
    fc.assert(
      fc.property(sessions, index, (sessions, index) => {
        const planned = pool(clientPool, sessions, index);
        const given = remotes(planned);
        expect(new Set(given).size).toBe(sessions);
        expect(given).not.toContain(planned.local);
        for (const address of [planned.local, ...given]) {
          expect(contains(planned.share, { base: address, prefix: 32 })).toBe(true);
        }
      }),
    );
  });

  test("gives no client an address that ends in .0 or .255", () => {
    fc.assert(
      fc.property(sessions, index, (sessions, index) => {
        const lastBytes = remotes(pool(clientPool, sessions, index)).map((address) => address % 256);
        expect(lastBytes.filter((byte) => byte === 0 || byte === 255)).toEqual([]);
      }),
    );
  });

  test("never spans two values of the third byte in one range, which pptpd could not read", () => {
    fc.assert(
      fc.property(sessions, index, (sessions, index) => {
        for (const { first, last } of pool(clientPool, sessions, index).remote) {
          expect(Math.floor(first / 256)).toBe(Math.floor(last / 256));
        }
      }),
    );
  });

  test("overlaps no other server's", () => {
    fc.assert(
      fc.property(sessions, index, index, (sessions, a, b) => {
        fc.pre(a !== b);
        expect(overlaps(pool(clientPool, sessions, a).share, pool(clientPool, sessions, b).share)).toBe(
          false,
        );
      }),
    );
  });

  test("is the smallest power of two that holds its sessions", () => {
    fc.assert(
      fc.property(sessions, (sessions) => {
        const size = addresses({ prefix: sharePrefix(sessions) });
        expect(size).toBeGreaterThan(sessions);
        // Half the size would lack room for the sessions, the server's end and what ends in .0 or .255.
        const half = size / 2;
        const lost = half < 256 ? 1 : (2 * half) / 256;
        if (half >= 4) expect(half - lost).toBeLessThan(sessions + 1);
      }),
    );
  });

  test("has a number of its own for each zone and position", () => {
    const numbers = Array.from({ length: 8 * 100 }, (_, i) =>
      shareIndex({ zoneIndex: i % 8, position: Math.floor(i / 8) + 1 }),
    );
    expect(new Set(numbers).size).toBe(800);
  });
});
