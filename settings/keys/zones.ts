/** Which lists of availability zones a fleet can stand in. */
import type { Refusal } from "./refusal.ts";

/** `us-gov-west-1a`: the region and one letter. Local and Wavelength Zones, which have more parts, do not match. */
const ZONE = /^([a-z]{2}(?:-[a-z]{1,20}){1,3}-[0-9])([a-h])$/;

/** Refuses what is no zone, what is of another region than the first, and what occurred before. */
export function judgeZones(zones: string[]): Refusal[] {
  const regions = zones.map((zone) => ZONE.exec(zone)?.[1]);
  const region = regions.find((name) => name !== undefined);
  const seen = new Set<string>();
  return zones.flatMap((zone, index): Refusal[] => {
    const path = [index];
    if (regions[index] === undefined) return [{ path }];
    if (regions[index] !== region) {
      return [
        {
          path,
          allowed: `zones of one region; the first one is of ${region}`,
          fix: `a zone of ${region}`,
        },
      ];
    }
    if (seen.has(zone)) return [{ path, allowed: "each zone once", fix: "take the repetition out" }];
    seen.add(zone);
    return [];
  });
}
