/**
 * What the program asks of AWS, all of it, so that it can be answered offline too (offline/answers.ts):
 *
 *     getCallerIdentity         whose account is it
 *     getInstanceType           does the type exist here, and what processor has it
 *     getAvailabilityZones      which zones has the region
 *     getInstanceTypeOfferings  which zones sell the type (offerings.ts)
 *     vpc.ts                    what has a VPC that exists already
 *     getAmi                    the newest official Debian 13
 *
 * and, once there is a plan, what elastic-ips.ts has.
 *
 * An answer that does not fit the settings is a mistake of the settings, told like any other.
 */
import * as aws from "@pulumi/aws";
import { placeInVpc } from "../../plan/existing-vpc/existing-vpc.ts";
import { serverSubnet } from "../../plan/place/addresses.ts";
import type { Architecture, AwsFacts, NetworkFacts } from "../../plan/place/aws-facts.ts";
import { regionOf, zoneIndex } from "../../plan/place/identity.ts";
import { enaQueues } from "../../plan/tunnel/queues.ts";
import { formatCidr, parseCidr } from "../../settings/ipv4.ts";
import { isGraviton } from "../../settings/keys/instance-types.ts";
import type { Mistake } from "../../settings/mistakes.ts";
import type { Settings } from "../../settings/schema.ts";
import type { Owner } from "../tags.ts";
import { type Answer, attempt, oneMistake } from "./attempt.ts";
import { askOfferings, type TypeKey } from "./offerings.ts";
import { askVpc } from "./vpc.ts";

/** Debian's own account (wiki.debian.org/Cloud/AmazonEC2Image/Trixie). */
const DEBIAN = "136693071363";
const DEBIAN_NAME: Record<Architecture, string> = { x86_64: "amd64", arm64: "arm64" };
/** How many zones a fleet spreads over where `zones` does not say. */
const DEFAULT_ZONES = 2;

/** What AWS says of the place, or all that its answers say against the settings. */
export async function askAws(
  settings: Settings,
  owner: Owner,
): Promise<{ facts: AwsFacts } | { mistakes: Mistake[] }> {
  const account = await askAccount();
  const machine = await askInstanceType("instanceType", settings.instanceType);
  const gateway = await askGatewayType(settings, machine);
  const network = await askNetwork(settings, owner);
  const amiId = "answer" in machine ? await askAmi(settings, machine.answer.architecture) : { mistakes: [] };
  const offerings = "answer" in network ? await askOfferings(settings, network.answer.zones, offered()) : [];
  if (
    "answer" in account &&
    "answer" in machine &&
    "answer" in network &&
    "answer" in amiId &&
    "answer" in gateway &&
    offerings.length === 0
  ) {
    const ids = { account: account.answer, amiId: amiId.answer };
    return { facts: { ...network.answer, ...machine.answer, ...gateway.answer, ...ids } };
  }
  const asked = [account, machine, network, amiId, gateway, { mistakes: offerings }];
  return { mistakes: asked.flatMap((each) => ("mistakes" in each ? each.mistakes : [])) };

  /** Keys whose type the region has. */
  function offered(): TypeKey[] {
    return [
      ...("answer" in machine ? (["instanceType"] as const) : []),
      ...("answer" in gateway ? (["gatewayInstanceType"] as const) : []),
    ];
  }
}

/** The account, for the bucket's name. AWS asks no permission for it, and lets no policy deny it (STS: GetCallerIdentity). */
async function askAccount(): Promise<Answer<string>> {
  const identity = await attempt(() => aws.getCallerIdentity({}));
  if ("value" in identity) return { answer: identity.value.accountId };
  const { mistakes } = oneMistake(
    "region",
    aws.config.region,
    `credentials of an AWS account; AWS says: ${identity.refused}`,
    "aws sts get-caller-identity says whose your credentials are; it needs no permission",
  );
  return { mistakes: mistakes.map((mistake) => ({ ...mistake, namespace: "aws" })) };
}

/** Of an instance type. */
type TypeFacts = Pick<AwsFacts, "architecture" | "vcpus">;
type GatewayTypeFacts = Pick<AwsFacts, "gatewayVcpus">;

async function askInstanceType(key: string, instanceType: string): Promise<Answer<TypeFacts>> {
  const type = await attempt(() => aws.ec2.getInstanceType({ instanceType }));
  if ("refused" in type) {
    return oneMistake(
      key,
      instanceType,
      `a type that the region offers; AWS says: ${type.refused}`,
      "name another type, or another aws:region",
    );
  }
  const { defaultVcpus, enaSupport, supportedArchitectures = [] } = type.value;
  if (enaSupport === "unsupported" || enaQueues(instanceType, defaultVcpus) === 1) {
    return oneMistake(
      key,
      instanceType,
      "a type with ENA and more than one queue",
      "take the next size or a newer family",
    );
  }
  const arm =
    supportedArchitectures.length > 0 ? supportedArchitectures.includes("arm64") : isGraviton(instanceType);
  return { answer: { architecture: arm ? "arm64" : "x86_64", vcpus: defaultVcpus } };
}

/** The gateways' type where it is another, and what speaks against it: gateways and servers start from one image. */
async function askGatewayType(
  settings: Settings,
  servers: Answer<TypeFacts>,
): Promise<Answer<GatewayTypeFacts>> {
  const { frontDoor, gatewayInstanceType, instanceType } = settings;
  if (frontDoor !== "nlb" || gatewayInstanceType === instanceType) return { answer: {} };
  const gateway = await askInstanceType("gatewayInstanceType", gatewayInstanceType);
  if ("mistakes" in gateway) return gateway;
  const { architecture, vcpus } = gateway.answer;
  if (!("answer" in servers) || servers.answer.architecture === architecture)
    return { answer: { gatewayVcpus: vcpus } };
  return oneMistake(
    "gatewayInstanceType",
    gatewayInstanceType,
    `a type with the servers' processor: ${instanceType} is ${servers.answer.architecture}, this one ${architecture}`,
    `pulumi config set pptp-fleet:gatewayInstanceType ${instanceType}, or a pptp-fleet:instanceType of the other processor`,
  );
}

/** The region's availability zones, and no Local or Wavelength Zone: those have no place in the address layout. */
async function askZones({ zones }: Settings): Promise<Answer<string[]>> {
  // Not only those available right now: a zone that fails for an hour must not move servers.
  const region = await attempt(() =>
    aws.getAvailabilityZones({ filters: [{ name: "zone-type", values: ["availability-zone"] }] }),
  );
  if ("refused" in region) {
    return oneMistake(
      "zones",
      zones,
      `the region's zones; AWS says: ${region.refused}`,
      "check aws:region and your credentials",
    );
  }
  return { answer: [...region.value.names].sort() };
}

async function askNetwork(settings: Settings, owner: Owner): Promise<Answer<NetworkFacts>> {
  const { vpcId, zones, vpcCidr } = settings;
  const region = await askZones(settings);
  if ("mistakes" in region) return region;
  if (vpcId !== undefined) {
    const vpc = await askVpc(settings, vpcId, region.answer, owner);
    return "mistakes" in vpc ? vpc : placeInVpc(settings, vpc.answer);
  }
  const missing = zones.filter((zone) => !region.answer.includes(zone));
  if (missing.length > 0) {
    return oneMistake(
      "zones",
      missing,
      region.answer.join(", "),
      "name zones of this region, or set aws:region to theirs",
    );
  }
  const vpc = parseCidr(vpcCidr);
  const chosen = zones.length > 0 ? zones : region.answer.slice(0, DEFAULT_ZONES);
  return {
    answer: {
      region: regionOf(chosen[0]!),
      vpcCidr,
      zones: chosen.map((name) => ({ name, subnetCidr: formatCidr(serverSubnet(vpc, zoneIndex(name))) })),
    },
  };
}

async function askAmi({ amiId }: Settings, architecture: Architecture): Promise<Answer<string>> {
  if (amiId !== undefined) return { answer: amiId };
  const filters = [
    { name: "name", values: [`debian-13-${DEBIAN_NAME[architecture]}-*`] },
    { name: "architecture", values: [architecture] },
    { name: "virtualization-type", values: ["hvm"] },
  ];
  const ami = await attempt(() => aws.ec2.getAmi({ mostRecent: true, owners: [DEBIAN], filters }));
  if ("refused" in ami) {
    return oneMistake(
      "amiId",
      undefined,
      `an image; AWS knows no official Debian 13 here: ${ami.refused}`,
      "set pptp-fleet:amiId to a Debian 13 of your own",
    );
  }
  return { answer: ami.value.id };
}
