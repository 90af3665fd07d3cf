import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tunnelSizes } from "../../plan/mtu.ts";

const pathMtu = fc.integer({ min: 576, max: 8196 });

/** Measured on the wire: what a tunnel adds to an inner packet, at most (trap 6). */
const WORST_OVERHEAD = 44;
/** pppd takes this off `mtu` (trap 5). */
const PPPD_TAKES = 4;

describe("packet sizes", () => {
  test("are 1456 inside for 1500 outside, the largest that was measured whole", () => {
    expect(tunnelSizes(1500)).toEqual({
      pathMtu: 1500,
      overhead: 44,
      interfaceMtu: 1456,
      pppMtu: 1460,
      pppMru: 1460,
      mss: 1416,
    });
  });

  test("fit PPPoE's 1492 and 1400 too", () => {
    expect([tunnelSizes(1492).interfaceMtu, tunnelSizes(1400).interfaceMtu]).toEqual([1448, 1356]);
  });

  test("let nothing fragment over the path, in either direction", () => {
    fc.assert(
      fc.property(pathMtu, (pathMtu) => {
        const { pppMtu, pppMru, interfaceMtu, mss } = tunnelSizes(pathMtu);
        expect(Math.min(pppMtu, pppMru) - PPPD_TAKES).toBe(interfaceMtu);
        expect(interfaceMtu + WORST_OVERHEAD).toBeLessThanOrEqual(pathMtu);
        // The client's interface, by the MRU that it is told.
        expect(pppMru - PPPD_TAKES + WORST_OVERHEAD).toBeLessThanOrEqual(pathMtu);
        expect(mss + 40).toBeLessThanOrEqual(interfaceMtu);
      }),
    );
  });

  test("waste nothing: one byte more would not fit", () => {
    fc.assert(
      fc.property(pathMtu, (pathMtu) => {
        expect(tunnelSizes(pathMtu).interfaceMtu + 1 + WORST_OVERHEAD).toBeGreaterThan(pathMtu);
      }),
    );
  });
});
