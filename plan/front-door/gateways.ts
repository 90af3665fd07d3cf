/**
 * The gateways of the front door `nlb`, one a zone: all that their rules hold but their own address. It names every
 * server that the zone can ever have, so that none of it changes when the fleet grows.
 */
import { POSITIONS } from "../../protocols/pptp/call-ids.ts";
import { type Cidr, formatAddress, formatCidr, parseCidr } from "../../settings/ipv4.ts";
import type { Settings } from "../../settings/schema.ts";
import {
  balancerAddress,
  type FrontCidrs,
  serverAddress,
  serversIn,
  subnetsOf,
  zoneBlock,
} from "../place/addresses.ts";
import { type AwsFacts, type FrontSubnets, vpcCidrs, type Zone } from "../place/aws-facts.ts";
import { type CallIds, callIds } from "../place/call-ids.ts";
import { letter, ZONES, zoneIndex } from "../place/identity.ts";
import { gatewayServices, type OwnServices } from "./own-services.ts";

/** A zone's gateway. */
export interface GatewayPlan {
  /** `gateway-a`. */
  name: string;
  /** Availability zone, such as `eu-west-1a`. */
  zone: string;
  /** IPv4 CIDR of the gateway's subnet, a public one; its address there is AWS's to choose. */
  subnetCidr: string;
  /** IPv4 CIDR of the zone's servers. */
  serversCidr: string;
  /** IPv4 CIDR of the balancer's subnet in the zone. */
  balancerCidr: string;
  /** The balancer node's private address. */
  balancerAddress: string;
  /** Which server has which call IDs: one entry for each position of the zone, taken or not. */
  servers: (CallIds & { address: string })[];
  /** IPv4 CIDRs whose traffic to elsewhere leaves under the gateway's address. */
  own: string[];
  /** What of the gateway itself is open to the VPC and to clients, who go through it. */
  services: OwnServices;
}

/** One a zone with the front door `nlb`, none with `eip`. */
export function gateways(settings: Settings, facts: AwsFacts): GatewayPlan[] {
  switch (settings.frontDoor) {
    case "eip":
      return [];
    case "nlb":
      return facts.zones.map((zone) => gateway(settings, facts, zone));
    default:
      return settings.frontDoor satisfies never;
  }
}

/** Wherever gateways and the balancer's nodes may come to stand: in a VPC of our own, in each zone that it has room for. */
export function possibleFronts({
  vpcId,
  vpcCidr,
  zones,
}: Pick<AwsFacts, "vpcId" | "vpcCidr" | "zones">): FrontCidrs[] {
  if (vpcId !== undefined) return zones.flatMap(({ front }) => (front === undefined ? [] : placed(front)));
  return Array.from({ length: ZONES }, (_, zone) => subnetsOf(zoneBlock(parseCidr(vpcCidr), zone)));
}

/** Where a VPC is our own, its layout says. */
function frontCidrs(vpc: Cidr, { name, front }: Zone): FrontCidrs {
  return front === undefined ? subnetsOf(zoneBlock(vpc, zoneIndex(name))) : placed(front);
}

function placed({ gateway, balancer }: FrontSubnets): FrontCidrs {
  return { gateway: parseCidr(gateway.cidr), balancer: parseCidr(balancer.cidr) };
}

function gateway(settings: Settings, facts: AwsFacts, place: Zone): GatewayPlan {
  const { name: zone, subnetCidr: serversCidr } = place;
  const cidrs = frontCidrs(parseCidr(facts.vpcCidr), place);
  const servers = parseCidr(serversCidr);
  const positions = Math.min(POSITIONS, serversIn(servers));
  // Routed, clients leave their server under their own addresses; the internet gateway knows none of these.
  const clients = settings.egress.mode === "routed" ? [settings.clientPool] : [];
  return {
    name: `gateway-${letter(zone)}`,
    zone,
    subnetCidr: formatCidr(cidrs.gateway),
    serversCidr,
    balancerCidr: formatCidr(cidrs.balancer),
    balancerAddress: formatAddress(balancerAddress(cidrs.balancer)),
    servers: Array.from({ length: positions }, (_, i) => ({
      ...callIds(i + 1),
      address: formatAddress(serverAddress(servers, i + 1)),
    })),
    own: [serversCidr, ...clients],
    services: gatewayServices(settings, [...vpcCidrs(facts), ...clients]),
  };
}
