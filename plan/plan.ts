/**
 * What follows from the settings: what reaches a machine or AWS and is no default of a key is decided here, once.
 * Pure: the same settings and facts of AWS give the same plan.
 */
import { formatAddress, formatCidr, parseCidr } from "../settings/ipv4.ts";
import { NAMESPACE } from "../settings/keys/facts.ts";
import type { Settings } from "../settings/schema.ts";
import { type BucketPlan, bucketName } from "./bucket.ts";
import { type DialledAddress, dialledAddresses } from "./front-door/elastic-ips.ts";
import { type GatewayPlan, gateways, possibleFronts } from "./front-door/gateways.ts";
import { type OwnServices, serverServices } from "./front-door/own-services.ts";
import { serverAddress } from "./place/addresses.ts";
import type { Architecture, AwsFacts, Zone } from "./place/aws-facts.ts";
import { type CallIds, callIds } from "./place/call-ids.ts";
import { deal } from "./place/identity.ts";
import { type AddressRange, pool, shareIndex } from "./place/pools.ts";
import { type Conntrack, conntrack } from "./tunnel/conntrack.ts";
import { type Egress, egress } from "./tunnel/egress.ts";
import { type Limits, limits } from "./tunnel/limits.ts";
import { type TunnelSizes, tunnelSizes } from "./tunnel/mtu.ts";
import { enaQueues } from "./tunnel/queues.ts";
import { type Timers, timers } from "./tunnel/timers.ts";

/** All that files and resources are made from. Addresses and CIDRs are text, IPv4. */
export interface Plan {
  fleet: FleetPlan;
  servers: ServerPlan[];
  /** One a zone with the front door `nlb`, else none. */
  gateways: GatewayPlan[];
  /** The Elastic IPs: with the front door `nlb` one a gateway, else one a server. */
  elasticIps: DialledAddress[];
}

/** What all servers share. */
export interface FleetPlan {
  stack: string;
  region: string;
  zones: Zone[];
  /** Set for a VPC that exists already. */
  vpcId?: string;
  vpcCidr: string;
  /** The internet gateway of a VPC that exists, where the subnets in it are the stack's own. */
  internetGatewayId?: string;
  frontDoor: Settings["frontDoor"];
  instanceType: string;
  gatewayInstanceType: string;
  architecture: Architecture;
  amiId: string;
  /** Whether `amiId` is the operator's choice: only then does another one replace servers. */
  amiChosen: boolean;
  /** Debian's, by package; sorted by it. */
  packageVersions: Record<string, string>;
  terminationProtection: boolean;
  /** Days. */
  flowLogRetentionDays: number;
  /** ARN of the policy that bounds the roles. */
  permissionsBoundary?: string;
  /** The name that Route 53 answers for, and the hosted zone it is in. */
  name?: { dialName: string; hostedZoneId: string };
  allowedCidrs: string[];
  adminCidrs: string[];
  sshPublicKeys: string[];
  clientPool: string;
  sessionsPerServer: number;
  /** Handed to clients. */
  dns: string[];
  /** How many accounts there are; who they are is not the plan's to know. */
  accounts: number;
  /** Name of the Secrets Manager secret that holds them. */
  accountsSecret: string;
  /** Where machines get what they are to be. */
  bucket: BucketPlan;
  sizes: TunnelSizes;
  timers: Timers;
  limits: Limits;
  conntrack: Conntrack;
  egress: Egress;
  /** What of a server itself is open to whom its clients are reached from; set with egress.mode `routed`. */
  services?: OwnServices;
  kernel: Settings["kernel"];
  /** `queues`: as many as the card should have. */
  nic: Settings["nic"] & { queues: number };
  ppp: Settings["ppp"];
}

/** What is one server's own: nothing here changes when another comes or goes. */
export interface ServerPlan {
  name: string;
  zone: string;
  position: number;
  privateAddress: string;
  clientPool: {
    /** The server's share of the fleet's pool. */
    share: string;
    /** The server's end of every tunnel. */
    local: string;
    /** What its clients get, as pptpd's `remoteip` says it. */
    remote: string[];
  };
  callIds: CallIds;
}

/**
 * The plan of settings without mistakes (`roomMistakes`).
 *
 * @param stack The stack's name: `prod`.
 * @param project The name of the project that it is in; the secret's and the bucket's name begin with it, as each of the
 * first in a region, and each of the second anywhere, is one stack's.
 */
export function makePlan(
  settings: Settings,
  facts: AwsFacts,
  stack: string,
  project: string = NAMESPACE,
): Plan {
  const subnets = new Map(facts.zones.map((zone) => [zone.name, parseCidr(zone.subnetCidr)]));
  const clientPool = parseCidr(settings.clientPool);
  const servers = deal(
    settings.servers,
    facts.zones.map((zone) => zone.name),
  ).map((identity): ServerPlan => {
    const { share, local, remote } = pool(clientPool, settings.sessionsPerServer, shareIndex(identity));
    return {
      name: identity.name,
      zone: identity.zone,
      position: identity.position,
      privateAddress: formatAddress(serverAddress(subnets.get(identity.zone)!, identity.position)),
      clientPool: { share: formatCidr(share), local: formatAddress(local), remote: remote.map(formatRange) },
      callIds: callIds(identity.position),
    };
  });
  const egressPlan = egress(settings, facts);
  const gatewayPlans = gateways(settings, facts);
  const services = serverServices(settings, egressPlan, possibleFronts(facts));
  return {
    fleet: {
      stack,
      region: facts.region,
      zones: facts.zones,
      ...(facts.vpcId === undefined ? {} : { vpcId: facts.vpcId }),
      vpcCidr: facts.vpcCidr,
      ...(facts.internetGatewayId === undefined ? {} : { internetGatewayId: facts.internetGatewayId }),
      frontDoor: settings.frontDoor,
      instanceType: settings.instanceType,
      gatewayInstanceType: settings.gatewayInstanceType,
      architecture: facts.architecture,
      amiId: facts.amiId,
      amiChosen: settings.amiId !== undefined,
      packageVersions: Object.fromEntries(
        Object.entries(settings.packageVersions).sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
      terminationProtection: settings.terminationProtection,
      flowLogRetentionDays: settings.flowLogRetentionDays,
      ...(settings.permissionsBoundary === undefined
        ? {}
        : { permissionsBoundary: settings.permissionsBoundary }),
      ...(settings.dialName === undefined || settings.hostedZoneId === undefined
        ? {}
        : { name: { dialName: settings.dialName, hostedZoneId: settings.hostedZoneId } }),
      allowedCidrs: settings.allowedCidrs,
      adminCidrs: settings.adminCidrs,
      sshPublicKeys: settings.sshPublicKeys,
      clientPool: settings.clientPool,
      sessionsPerServer: settings.sessionsPerServer,
      dns: settings.dns,
      accounts: settings.users.length,
      accountsSecret: `${project}/${stack}/accounts`,
      bucket: { name: bucketName({ project, stack, account: facts.account, region: facts.region }) },
      sizes: tunnelSizes(settings),
      timers: timers(settings),
      limits: limits(settings),
      conntrack: conntrack(settings),
      egress: egressPlan,
      ...(services === undefined ? {} : { services }),
      kernel: settings.kernel,
      nic: { ...settings.nic, queues: settings.nic.queues ?? enaQueues(settings.instanceType, facts.vcpus) },
      ppp: settings.ppp,
    },
    servers,
    gateways: gatewayPlans,
    elasticIps: dialledAddresses(settings.frontDoor, servers, gatewayPlans),
  };
}

/** `10.64.0.2-254`, or `10.64.0.2` alone: pptpd.conf(5), remoteip. */
function formatRange({ first, last }: AddressRange): string {
  return first === last ? formatAddress(first) : `${formatAddress(first)}-${last % 256}`;
}
