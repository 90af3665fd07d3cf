/**
 * Whether each zone sells the instance types that are to stand in it: a region that sells a type need not do so in all of
 * its zones (c6in.large: not in us-east-1e and us-west-2d), and EC2 says so no earlier than at the instance itself, when the
 * network and the Elastic IPs are made.
 *
 * The region's first two zones are taken where none are named, whatever they sell: an account's letters stay, what AWS
 * sells does not, nor does the type, and a fleet that was placed by either would move to other zones, addresses and all, by
 * a change of AWS's. So a zone that does not sell the type is refused, and the fix names zones in the config, where
 * they stay.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Zone } from "../../plan/place/aws-facts.ts";
import { deal } from "../../plan/place/identity.ts";
import { setPath } from "../../settings/keys/facts.ts";
import type { Mistake } from "../../settings/mistakes.ts";
import type { Settings } from "../../settings/schema.ts";
import { attempt, oneMistake } from "./attempt.ts";

export type TypeKey = "instanceType" | "gatewayInstanceType";

/** A type, and the zones that it is to stand in. */
interface Wanted {
  key: TypeKey;
  type: string;
  zones: Zone[];
}

interface Judged extends Wanted {
  /** The zones of the region that sell it, by name. */
  sellers: string[];
}

/**
 * What speaks against a zone. Where AWS does not answer, a warning says so.
 *
 * @param known Keys whose type the region has; of the others AWS has said no already.
 */
export async function askOfferings(settings: Settings, zones: Zone[], known: TypeKey[]): Promise<Mistake[]> {
  const wanted = wantedIn(settings, zones).filter(({ key }) => known.includes(key));
  if (wanted.length === 0) return [];
  const types = [...new Set(wanted.map(({ type }) => type))];
  const offered = await attempt(async () => {
    const { instanceTypes, locations } = await aws.ec2.getInstanceTypeOfferings({
      locationType: "availability-zone",
      filters: [{ name: "instance-type", values: types }],
    });
    return locations.map((zone, offer) => ({ zone, type: instanceTypes[offer] }));
  });
  if ("refused" in offered) {
    // No fault of the config, and no reason to stop a fleet that stands.
    pulumi.log.warn(
      `nobody can say whether each zone sells ${types.join(" and ")}; AWS says: ${offered.refused}; allow ec2:DescribeInstanceTypeOfferings to whoever runs pulumi, as docs/ci/preview-policy.json does`,
    );
    return [];
  }
  const sellers = (type: string) =>
    offered.value.flatMap((offer) => (offer.type === type ? offer.zone : [])).toSorted();
  const judged = wanted.map((each) => ({ ...each, sellers: sellers(each.type) }));
  const moved = otherZones(settings, zones, judged);
  return judged.flatMap((each) => {
    const without = each.zones.filter(({ name }) => !each.sellers.includes(name));
    return without.length === 0 ? [] : refused(each, without, moved);
  });
}

/** A zone may have a gateway and no server yet. Where both are of one type, a zone is asked for it once. */
function wantedIn(settings: Settings, zones: Zone[]): Wanted[] {
  const { frontDoor, instanceType, gatewayInstanceType } = settings;
  const dealt = new Set(
    deal(
      settings.servers,
      zones.map(({ name }) => name),
    ).map(({ zone }) => zone),
  );
  const served = zones.filter(({ name }) => dealt.has(name));
  if (frontDoor !== "nlb") return [{ key: "instanceType", type: instanceType, zones: served }];
  if (gatewayInstanceType === instanceType) return [{ key: "instanceType", type: instanceType, zones }];
  return [
    { key: "instanceType", type: instanceType, zones: served },
    { key: "gatewayInstanceType", type: gatewayInstanceType, zones },
  ];
}

function refused({ key, type, sellers }: Judged, without: Zone[], moved: string[]): Mistake[] {
  const names = without.map(({ name }) => name);
  const sold = `${type} is sold in ${sellers.length === 0 ? "none of the region's" : sellers.join(", ")}`;
  const otherType = `another pptp-fleet:${key}`;
  const subnets = without.flatMap(({ subnetId }) => subnetId ?? []);
  return subnets.length === 0
    ? oneMistake(
        "zones",
        names,
        `zones that sell pptp-fleet:${key}: ${sold}`,
        [...moved, otherType].join(", or "),
      ).mistakes
    : oneMistake(
        "subnetIds",
        subnets,
        `subnets in zones that sell pptp-fleet:${key}: ${sold}; ${names.join(" and ")} ${names.length === 1 ? "does" : "do"} not`,
        [...(sellers.length === 0 ? [] : ["name subnets in such zones"]), otherType].join(", or "),
      ).mistakes;
}

/**
 * The commands that name others in place of the zones that lack a type, and with these all zones where none was named;
 * none where too few zones have every type.
 */
function otherZones(settings: Settings, zones: Zone[], judged: Judged[]): string[] {
  const lacks = (name: string) =>
    judged.some((each) => each.zones.some((zone) => zone.name === name) && !each.sellers.includes(name));
  const names = zones.map(({ name }) => name);
  const free = judged[0]!.sellers.filter(
    (name) => !names.includes(name) && judged.every(({ sellers }) => sellers.includes(name)),
  );
  const gone = names.filter(lacks);
  if (gone.length > free.length) return [];
  const commands = names.flatMap((name, index) => {
    if (!gone.includes(name)) return settings.zones.length > 0 ? [] : [setPath(`zones[${index}]`, name)];
    return [setPath(`zones[${index}]`, free[gone.indexOf(name)]!)];
  });
  return [`${commands.join(" and ")}, which moves what stands in ${gone.join(" and ")}`];
}
