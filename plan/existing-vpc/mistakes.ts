/** What is said of whatever config names in a VPC that exists, whichever key names it. */
import { type Mistake, printable } from "../../settings/mistakes.ts";
import { ZONES, zoneIndex } from "../place/identity.ts";
import type { VpcFacts } from "./facts.ts";

/** A zone that the addresses have no room for; undefined where they have. */
export function zoneMistake(
  key: string,
  value: string,
  zone: string,
  { zones }: Pick<VpcFacts, "zones">,
): Mistake | undefined {
  if (zones.includes(zone) && zoneIndex(zone) >= 0 && zoneIndex(zone) < ZONES) return undefined;
  return {
    key,
    value: printable(value),
    allowed: `availability zones of the region, ${zones.join(", ")}; ${zone} is a Local or Wavelength Zone or not this region's, and an NLB, an Elastic IP and a server's name are a zone's`,
    fix: "one in an availability zone",
  };
}

/** What is in another VPC than the fleet. @param what The message calls it: `subnet`, `route table`. */
export function otherVpcMistake(
  key: string,
  what: string,
  { id, vpcId }: { id: string; vpcId: string },
  vpc: Pick<VpcFacts, "id">,
): Mistake {
  return {
    key,
    value: printable(id),
    allowed: `a ${what} of ${vpc.id}; this one is in ${vpcId}`,
    fix: `a ${what} of one VPC, or the other's ID in pptp-fleet:vpcId`,
  };
}
