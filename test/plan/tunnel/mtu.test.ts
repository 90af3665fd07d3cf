import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sizeMistakes, tunnelSizes } from "../../../plan/tunnel/mtu.ts";
import type { Settings } from "../../../settings/schema.ts";
import { givenSettings } from "../../shared/given.ts";

const pathMtu = fc.integer({ min: 576, max: 8196 });

const sizes = (pathMtu: number, mtu: Settings["mtu"] = {}) => tunnelSizes(givenSettings({ pathMtu, mtu }));

/** Measured on the wire: what a tunnel adds to an inner packet, at most (traps: default-mtu-fragments). */
const WORST_OVERHEAD = 44;
/** pppd takes this off `mtu` (traps: mppe-takes-four-bytes). */
const PPPD_TAKES = 4;

describe("packet sizes", () => {
  test("are 1456 inside for 1500 outside, the largest that was measured whole", () => {
    expect(sizes(1500)).toEqual({
      pathMtu: 1500,
      overhead: 44,
      interfaceMtu: 1456,
      pppMtu: 1460,
      pppMru: 1460,
      reserve: 4,
      mss: 1416,
    });
  });

  test("have no bytes of MPPE where there is none", () => {
    const ppp = { ...givenSettings().ppp, mppe: "none" as const, trafficMayBeRead: true };
    expect(tunnelSizes(givenSettings({ ppp }))).toMatchObject({
      overhead: 40,
      interfaceMtu: 1460,
      pppMtu: 1460,
      reserve: 0,
    });
  });

  test("may be smaller by config, and what follows from them follows", () => {
    expect(sizes(1500, { mtu: 1404 })).toMatchObject({
      interfaceMtu: 1400,
      pppMtu: 1404,
      pppMru: 1460,
      mss: 1360,
    });
    expect(sizes(1500, { mru: 1304 })).toMatchObject({ interfaceMtu: 1300, mss: 1260 });
    expect(sizes(1500, { mss: 1200 })).toMatchObject({ interfaceMtu: 1456, mss: 1200 });
  });

  test("larger than the path leaves are refused, each with the largest that fits", () => {
    const told = sizeMistakes(givenSettings({ pathMtu: 1400, mtu: { mtu: 1361, mru: 1361 } }));
    expect(told.map(({ key, allowed }) => [key, /^at most \d+/.exec(allowed)?.[0]])).toEqual([
      ["mtu.mtu", "at most 1360"],
      ["mtu.mru", "at most 1360"],
    ]);
    expect(
      sizeMistakes(givenSettings({ mtu: { mtu: 1404, mss: 1361 } })).map(({ allowed }) => allowed),
    ).toEqual([expect.stringMatching(/^at most 1360, the tunnel's MTU 1400 less 40/)]);
    expect(sizeMistakes(givenSettings({ mtu: { mtu: 1460, mru: 1460, mss: 1416 } }))).toEqual([]);
  });

  test("fit PPPoE's 1492 and 1400 too", () => {
    expect([sizes(1492).interfaceMtu, sizes(1400).interfaceMtu]).toEqual([1448, 1356]);
  });

  test("let nothing fragment over the path, in either direction", () => {
    fc.assert(
      fc.property(pathMtu, (pathMtu) => {
        const { pppMtu, pppMru, interfaceMtu, mss } = sizes(pathMtu);
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
        expect(sizes(pathMtu).interfaceMtu + 1 + WORST_OVERHEAD).toBeGreaterThan(pathMtu);
      }),
    );
  });
});
