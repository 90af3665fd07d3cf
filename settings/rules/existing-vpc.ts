/** Rules for a VPC that exists: its subnets are ours to make, from CIDRs, or named. What AWS knows better, the plan judges. */

import { formatCidr, overlaps, parseCidr } from "../ipv4.ts";
import { NAMESPACE, remove, setPath, shorter } from "../keys/facts.ts";
import type { Key, Settings } from "../schema.ts";
import type { CrossRule } from "./rule.ts";

type Lists = "subnetCidrs" | "subnetIds" | "gatewaySubnetIds" | "balancerSubnetIds" | "defaultRouteTableIds";

/** What says where in the VPC, by key. */
const PLACES: Lists[] = [
  "subnetCidrs",
  "subnetIds",
  "gatewaySubnetIds",
  "balancerSubnetIds",
  "defaultRouteTableIds",
];
/** Of the front door's, beside the servers' subnets. */
const FRONT = ["gatewaySubnetIds", "balancerSubnetIds"] as const;
/** Those whose subnets exist. */
const ROLES = ["subnetIds", ...FRONT] as const;

const unset = (key: Key) => `pulumi config rm ${NAMESPACE}:${key}`;
const count = (length: number, what: string) => `${length} ${what}${length === 1 ? "" : "s"}`;
const named = ({ vpcId, frontDoor, subnetIds, subnetCidrs }: Settings) =>
  vpcId !== undefined && frontDoor === "nlb" && subnetIds.length > 0 && subnetCidrs.length === 0;

/** Without any zone there is nothing to shorten the CIDRs to. */
function asMany(zones: string[], subnetCidrs: number): string {
  const { length } = zones;
  if (length > subnetCidrs)
    return `name a CIDR for each zone in ${NAMESPACE}:subnetCidrs, or ${shorter("zones", length, subnetCidrs)}`;
  const region = zones[0]?.slice(0, -1) ?? "eu-west-1";
  const another = [..."abcdefgh"].map((letter) => region + letter).find((zone) => !zones.includes(zone))!;
  const name = `name each CIDR's zone, in the same order: ${setPath(`zones[${length}]`, another)}`;
  return length === 0 ? name : `${name}, or ${shorter("subnetCidrs", subnetCidrs, length)}`;
}

/** What `vpcId` needs beside it, and what needs `vpcId`. */
export const existingVpcRules: CrossRule[] = [
  {
    keys: ["vpcId", "subnetIds", "subnetCidrs"],
    judge: ({ vpcId, subnetIds, subnetCidrs }) =>
      vpcId === undefined || subnetIds.length > 0 || subnetCidrs.length > 0
        ? undefined
        : {
            key: "subnetCidrs",
            allowed:
              "one or more free CIDRs of vpcId, for each of zones one, or subnets that exist, in subnetIds",
            fix: `${setPath("subnetCidrs[0]", "10.20.128.0/24")}, or ${setPath("subnetIds[0]", "subnet-0123456789abcdef0")}`,
          },
  },
  ...PLACES.map(
    (key): CrossRule => ({
      keys: ["vpcId", key],
      judge: (settings) =>
        settings.vpcId !== undefined || settings[key].length === 0
          ? undefined
          : {
              key,
              allowed: "nothing without the VPC that they are in",
              fix: `pulumi config set ${NAMESPACE}:vpcId vpc-0123456789abcdef0, or ${unset(key)}`,
            },
    }),
  ),
  ...PLACES.slice(1).map(
    (key): CrossRule => ({
      keys: ["subnetCidrs", key],
      judge: (settings) =>
        settings.subnetCidrs.length === 0 || settings[key].length === 0
          ? undefined
          : {
              key,
              allowed: "nothing beside subnetCidrs, from which the stack makes subnets and tables of its own",
              fix: `${unset(key)}, or ${unset("subnetCidrs")}`,
            },
    }),
  ),
  {
    keys: ["vpcId", "zones", "subnetIds", "subnetCidrs"],
    judge: ({ vpcId, zones, subnetIds, subnetCidrs }) =>
      vpcId === undefined || subnetIds.length === 0 || subnetCidrs.length > 0 || zones.length === 0
        ? undefined
        : {
            key: "zones",
            allowed: "no zones beside subnetIds: they follow from these",
            fix: `${unset("zones")}, and name a subnet in each zone in ${NAMESPACE}:subnetIds`,
          },
  },
  {
    keys: ["vpcId", "zones", "subnetIds", "subnetCidrs"],
    judge: ({ vpcId, zones, subnetIds, subnetCidrs }) =>
      vpcId === undefined ||
      subnetIds.length > 0 ||
      subnetCidrs.length === 0 ||
      zones.length === subnetCidrs.length
        ? undefined
        : {
            key: "zones",
            allowed: `as many zones as subnetCidrs, in the same order: there ${subnetCidrs.length === 1 ? "is" : "are"} ${count(subnetCidrs.length, "CIDR")} and ${count(zones.length, "zone")}`,
            fix: asMany(zones, subnetCidrs.length),
          },
  },
  {
    keys: ["subnetCidrs"],
    judge: ({ subnetCidrs }) => {
      const cidrs = subnetCidrs.map(parseCidr);
      const inside = cidrs.findIndex((cidr, i) => cidrs.slice(0, i).some((other) => overlaps(cidr, other)));
      return inside < 0
        ? undefined
        : {
            key: "subnetCidrs",
            allowed: `CIDRs that share no address; ${formatCidr(cidrs[inside]!)} has some of another's`,
            fix: `another CIDR there, or ${remove(`subnetCidrs[${inside}]`)}`,
          };
    },
  },
  ...FRONT.map(
    (key): CrossRule => ({
      keys: ["vpcId", "frontDoor", "subnetIds", "subnetCidrs", key],
      judge: (settings) =>
        !named(settings) || settings[key].length === settings.subnetIds.length
          ? undefined
          : {
              key,
              allowed: `as many as subnetIds with frontDoor nlb, one in each zone: ${settings.subnetIds.length}`,
              fix: `name them in ${NAMESPACE}:${key}, or let the stack make its own from ${NAMESPACE}:subnetCidrs, or pulumi config set ${NAMESPACE}:frontDoor eip`,
            },
    }),
  ),
  {
    keys: ["vpcId", "frontDoor", "subnetIds", "subnetCidrs", "defaultRouteTableIds"],
    judge: (settings) =>
      !named(settings) || settings.defaultRouteTableIds.length > 0
        ? undefined
        : {
            key: "defaultRouteTableIds",
            allowed:
              "the route tables of subnetIds and balancerSubnetIds with frontDoor nlb: what leaves servers and balancer has to go by the zone's gateway",
            fix: setPath("defaultRouteTableIds[0]", "rtb-0123456789abcdef0"),
          },
  },
  {
    keys: [...ROLES],
    judge: (settings) => {
      const all = ROLES.flatMap((key) => settings[key].map((id) => ({ key, id })));
      const again = all.find(({ id }, i) => all.slice(0, i).some((other) => other.id === id));
      return again === undefined
        ? undefined
        : {
            key: again.key,
            allowed: `subnets of one role each: ${again.id} is in ${all.find(({ id }) => id === again.id)!.key} too, and what servers and balancer send has to go by the gateway, what a gateway sends to the internet`,
            fix: `another subnet, or ${unset(again.key)}`,
          };
    },
  },
];
