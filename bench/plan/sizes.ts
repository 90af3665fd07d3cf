/** The fleets that are measured, from one server to the most that one stack was asked for. */
import type { ProgramInput } from "../../offline/program.ts";

export interface Size {
  frontDoor: "eip" | "nlb";
  servers: number;
  /** How many zones they are dealt to. */
  zones: number;
}

/** `nlb` up to the 62 servers of a zone, then as many in each of three. */
export const SIZES: Size[] = [
  ...[1, 10, 100, 1000].map((servers): Size => ({ frontDoor: "eip", servers, zones: 2 })),
  ...[1, 10, 62].map((servers): Size => ({ frontDoor: "nlb", servers, zones: 1 })),
  { frontDoor: "nlb", servers: 186, zones: 3 },
];

/** `eip-1000`. */
export function nameOf({ frontDoor, servers }: Size): string {
  return `${frontDoor}-${servers}`;
}

/** A stack that says only what it must at that size. */
export function inputOf({ frontDoor, servers, zones }: Size): ProgramInput {
  const region = "us-east-1";
  return {
    stack: "bench",
    config: {
      "aws:region": region,
      "pptp-fleet:frontDoor": frontDoor,
      "pptp-fleet:servers": String(servers),
      "pptp-fleet:zones": JSON.stringify([..."abc"].slice(0, zones).map((letter) => region + letter)),
      "pptp-fleet:allowedCidrs": '["198.51.100.0/24"]',
      // The default has room for 128 servers a zone.
      "pptp-fleet:clientPool": "10.128.0.0/9",
      // Reaches no file: accounts come from AWS.
      "pptp-fleet:users": '[{"name":"bench","password":"bench-secret"}]',
    },
    secretKeys: ["pptp-fleet:users"],
  };
}
