/**
 * Who a server is: a zone and a position in it. All that is its own follows from these two, so it keeps all of
 * it when others come and go.
 */
export interface Identity {
  /** Zone's letter and position: `a-1`. */
  name: string;
  /** Availability zone, such as `eu-west-1a`. */
  zone: string;
  /** 0 for a zone whose name ends in `a`, 1 for `b`, to 7 for `h`. */
  zoneIndex: number;
  /** From 1. */
  position: number;
}

/** Zones that the addresses leave room for: the letters a to h, which covers every region of AWS (2026-11). */
export const ZONES = 8;

/** `a` of `eu-west-1a`. */
export function letter(zone: string): string {
  return zone.at(-1)!;
}

/** `eu-west-1a` is in `eu-west-1`: of an availability zone, and of no Local or Wavelength Zone. */
export function regionOf(zone: string): string {
  return zone.slice(0, -1);
}

/** 0 for `eu-west-1a`, 7 for `eu-west-1h`. */
export function zoneIndex(zone: string): number {
  return zone.charCodeAt(zone.length - 1) - "a".charCodeAt(0);
}

/** Deals servers to zones in turn, so that a fleet of N is a part of a fleet of N + 1. */
export function deal(servers: number, zones: string[]): Identity[] {
  return Array.from({ length: servers }, (_, i) => {
    const zone = zones[i % zones.length]!;
    const position = Math.floor(i / zones.length) + 1;
    return { name: `${letter(zone)}-${position}`, zone, zoneIndex: zoneIndex(zone), position };
  });
}
