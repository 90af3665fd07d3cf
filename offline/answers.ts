/**
 * What AWS answers where there is no AWS: for `npm run plan`, the tests and the lab. As of 2026-11-21, region
 * eu-west-1 unless the config says another; IDs and addresses are made up (198.18.0.0/15: RFC 2544).
 */

import type { Graph } from "../graph/graph.ts";
import type { Added } from "../graph/properties.ts";
import { BALANCER, EIP, INSTANCE, LOG_GROUP, TARGET_GROUP } from "../graph/types.ts";
import { formatAddress, nthAddress, parseCidr } from "../settings/ipv4.ts";
import { isKnown, KNOWN_AS_OF, usualVcpus } from "../settings/keys/instance-families.ts";
import { isGraviton } from "../settings/keys/instance-types.ts";
import { answerOfVpc, cidrOfSubnet } from "./existing-vpc.ts";

type Inputs = Record<string, any>;

/** One of those that AWS's own pages have for examples. */
export const ACCOUNT = "111122223333";

/** Zones by region where they are not a, b, c (AWS: Regions and Zones, 2026-11). */
const LETTERS: Record<string, string> = {
  "us-east-1": "abcdef",
  "us-west-2": "abcd",
  "us-west-1": "ac",
  "ap-northeast-1": "acd",
  "ap-northeast-2": "abcd",
  "ca-central-1": "abd",
  "eu-west-2": "abcd",
};

/**
 * Types that a zone sells, where that is not all that its region does (EC2's DescribeInstanceTypeOfferings by availability
 * zone, as moto 5.2.5 republishes it; where a zone has a few sizes of a family, it is taken to have all).
 */
const SOLD: Record<string, RegExp> = {
  "us-east-1e": /^(c[34]|d2|f2|i[23]|i4i|m[34]|p5|r[34]|t2|x1)\./,
  "eu-west-2d": /^([cmr]6id|c7gn|[cmr]7(gd?|i)|[cm]7i-flex|[cmr]8g|[mr]8gd|i4i|i7ie|t3|t4g)\./,
  "us-west-2d": /^(?!c6in\.)/,
};

/**
 * An answer to one of the questions of components/ask/.
 *
 * @throws Error in AWS's place, where AWS would refuse.
 */
export function answer(region: string, token: string, inputs: Inputs): Inputs {
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { id: ACCOUNT, accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, userId: ACCOUNT };
    case "aws:index/getAvailabilityZones:getAvailabilityZones": {
      const names = zonesOf(region);
      return { id: region, region, names, zoneIds: names.map((_, i) => `zone-az${i + 1}`) };
    }
    case "aws:ec2/getInstanceType:getInstanceType": {
      // Of a type that is not known: by its name. What is taken for granted is said (`assumptions`).
      const { instanceType } = inputs;
      return {
        id: instanceType,
        instanceType,
        defaultVcpus: usualVcpus(instanceType),
        enaSupport: "required",
        supportedArchitectures: [isGraviton(instanceType) ? "arm64" : "x86_64"],
      };
    }
    case "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": {
      const types: string[] = inputs.filters[0].values;
      const sold = zonesOf(region).flatMap((location) =>
        types.filter((type) => SOLD[location]?.test(type) ?? true).map((type) => ({ type, location })),
      );
      return {
        ...inputs,
        id: region,
        instanceTypes: sold.map(({ type }) => type),
        locations: sold.map(({ location }) => location),
        locationTypes: sold.map(() => inputs.locationType),
      };
    }
    case "aws:ec2/getAmi:getAmi": {
      const arm = JSON.stringify(inputs.filters).includes("arm64");
      return {
        ...inputs,
        id: arm ? "ami-0a64000000000d13a" : "ami-0a64000000000d13b",
        architecture: arm ? "arm64" : "x86_64",
      };
    }
    // One that exists already is on no machine.
    case "aws:ec2/getElasticIp:getElasticIp": {
      const none = { associationId: "", instanceId: "", networkInterfaceId: "", tags: {} };
      return { ...none, id: inputs.id, publicIp: elasticIp(inputs.id), domain: "vpc" };
    }
    // Nothing of the stack stands yet.
    case "aws:ec2/getEips:getEips":
      return { id: region, allocationIds: [], publicIps: [] };
    case "aws:ec2/getInstances:getInstances":
      return { id: region, ids: [] };
    default: {
      const found = asked(() => answerOfVpc(region, token, inputs));
      if (found !== undefined) return found;
      throw refusal(`the program asks AWS for ${token}, and offline/answers.ts has no answer to that`);
    }
  }
}

/** An answer, or AWS's refusal in the engine's form. */
function asked(question: () => Inputs | undefined): Inputs | undefined {
  try {
    return question();
  } catch (error) {
    throw refusal((error as Error).message);
  }
}

function zonesOf(region: string): string[] {
  return [...(LETTERS[region] ?? "abc")].map((letter) => region + letter);
}

/**
 * The address of an Elastic IP that exists already, by its allocation ID: the same each time, in 198.18.64.0/18, where none
 * is that the program makes.
 */
export function elasticIp(allocationId: string): string {
  const number = Number.parseInt(allocationId.slice(-4), 16);
  return `198.18.${64 + ((number >> 8) % 64)}.${number % 256}`;
}

/**
 * The address of an Elastic IP: of one that the program makes, or of one that exists already.
 *
 * @throws Error for what is neither.
 */
export function publicIpOf(graph: Graph, allocationId: string): string {
  const own = graph.all(EIP).find(({ id }) => id === allocationId);
  if (own !== undefined) return own.state.publicIp;
  if (/^eipalloc-[0-9a-f]+$/.test(allocationId)) return elasticIp(allocationId);
  throw new Error(`the program names the Elastic IP ${allocationId}, and registers none of that ID`);
}

/** What these answers take for granted where AWS would know better, a sentence each. */
export function assumptions(questions: { token: string; inputs: Inputs }[]): string[] {
  const asked = questions.filter(({ token }) => token === "aws:ec2/getInstanceType:getInstanceType");
  const types = new Set<string>(asked.map(({ inputs }) => inputs.instanceType));
  return [...types]
    .filter((type) => !isKnown(type))
    .map((type) => {
      const processor = isGraviton(type) ? "Graviton" : "x86-64";
      return `${type} is no type that this plan knows (settings/keys/instance-families.ts, ${KNOWN_AS_OF}): by its name it is taken for ${processor} with ${usualVcpus(type)} vCPUs; pulumi preview asks AWS, and refuses it where the region does not sell it`;
    });
}

/**
 * What AWS adds to a resource that it made.
 *
 * @param count How many of its type there are, with this one.
 * @param find The inputs of a resource made before, by its ID.
 */
export function made(
  type: string,
  name: string,
  id: string,
  inputs: Inputs,
  { count, find }: { count: number; find(id: string): Inputs | undefined },
): Inputs {
  const state: Inputs = { ...inputs, name: inputs.name ?? name, arn: `arn:aws:offline:::${id}` };
  switch (type) {
    case EIP:
      return {
        ...state,
        ...({
          allocationId: id,
          publicIp: `198.18.${Math.floor(count / 256)}.${count % 256}`,
        } satisfies Added[typeof EIP]),
      };
    case INSTANCE: {
      // An instance on an interface of its own has that one's address; else AWS takes any of the subnet's.
      if (inputs.subnetId === undefined) return state;
      const subnet = parseCidr(find(inputs.subnetId)?.cidrBlock ?? cidrOfSubnet(inputs.subnetId));
      const privateIp = formatAddress(nthAddress(subnet, PICKED));
      const interfaceId = { primaryNetworkInterfaceId: `eni-${id}` };
      return { ...state, ...({ privateIp, ...interfaceId } satisfies Added[typeof INSTANCE]) };
    }
    case LOG_GROUP:
      return { ...state, arn: `arn:aws:logs:offline:000000000000:log-group:${state.name}` };
    case BALANCER:
      return { ...state, ...({ arnSuffix: `net/${state.name}/${id}` } satisfies Added[typeof BALANCER]) };
    case TARGET_GROUP:
      return {
        ...state,
        ...({ arnSuffix: `targetgroup/${state.name}/${id}` } satisfies Added[typeof TARGET_GROUP]),
      };
    default:
      return state;
  }
}

/** The place in its subnet of an address that AWS picks: any that AWS does not keep. */
const PICKED = 7;

/** An error as the engine passes a provider's on: gRPC's, which keeps the words in `details`. */
function refusal(details: string): Error {
  return Object.assign(new Error(details), { details });
}
