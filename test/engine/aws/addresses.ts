/** Elastic IPs as EC2 describes them: those that stand in the account, and those that somebody has allocated by hand. */
import { EIP_ASSOCIATION } from "../../../graph/types.ts";
import { elasticIp } from "../../../offline/answers.ts";
import type { Properties } from "../pulumi/wire.ts";
import type { Standing } from "./standing.ts";

/** An Elastic IP that no resource of the stack is. */
export interface Foreign {
  id: string;
  tags: Record<string, string>;
  /** The instance that it is on, which is not the stack's either; it is free without one. */
  instanceId?: string;
}

/** Allocation IDs of Elastic IPs that are there, and on no machine. */
export const FREE = ["eipalloc-0123456789abcdef0", "eipalloc-0123456789abcdef1"];

/** What AWS answers about addresses and those who have them; undefined for other questions. */
export function describeAddresses(
  { standing, foreign }: { standing: Standing[]; foreign: Foreign[] },
  token: string,
  args: Properties,
): Properties | undefined {
  const all = (type: string) => standing.filter((each) => each.type.endsWith(`:${type}`));
  const addresses = [
    ...all("Eip").map(({ id, inputs, outputs }) => ({
      id,
      publicIp: outputs.publicIp,
      tags: inputs.tags ?? {},
    })),
    ...foreign.map(({ id, tags }) => ({ id, publicIp: elasticIp(id), tags })),
  ];
  switch (token.split(":").at(-1)) {
    case "getElasticIp": {
      const found = addresses.find(({ id }) => id === args.id);
      if (found === undefined) throw new Error(`InvalidAllocationID.NotFound: ${args.id}`);
      return { ...found, domain: "vpc", ...holder(standing, foreign, args.id) };
    }
    case "getEips": {
      const found = addresses.filter(({ tags }) => fits(tags, args));
      return { allocationIds: found.map(({ id }) => id), publicIps: found.map(({ publicIp }) => publicIp) };
    }
    case "getInstances":
      return { ids: ids(all("Instance"), { tags: args.instanceTags }) };
    // The question of components/ask/elastic-ips.ts; those about a VPC that exists have no tags.
    case "getNetworkInterfaces":
      return args.tags === undefined ? undefined : { ids: ids(all("NetworkInterface"), args) };
    default:
      return undefined;
  }
}

function holder(standing: Standing[], foreign: Foreign[], id: string): Properties {
  const association = standing.find(
    ({ type, inputs }) => type === EIP_ASSOCIATION && inputs.allocationId === id,
  );
  const elsewhere = foreign.find((each) => each.id === id)?.instanceId;
  if (association === undefined)
    return elsewhere === undefined
      ? { associationId: "", instanceId: "", networkInterfaceId: "" }
      : {
          associationId: "eipassoc-0123456789abcdef0",
          instanceId: elsewhere,
          networkInterfaceId: "eni-other",
        };
  const { networkInterfaceId } = association.inputs;
  const instance = standing.find(
    ({ inputs, outputs }) =>
      inputs.primaryNetworkInterface?.networkInterfaceId === networkInterfaceId ||
      outputs.primaryNetworkInterfaceId === networkInterfaceId,
  );
  return { associationId: association.id, instanceId: instance?.id ?? "", networkInterfaceId };
}

function ids(resources: Standing[], args: Properties): string[] {
  return resources.filter(({ inputs }) => fits(inputs.tags ?? {}, args)).map(({ id }) => id);
}

/** All tags as they are asked for, and of each filter one of its values. */
function fits(own: Record<string, string>, { tags = {}, filters = [] }: Properties): boolean {
  return (
    Object.entries(tags).every(([key, value]) => own[key] === value) &&
    filters.every(({ name, values }: Properties) => values.includes(own[name.replace(/^tag:/, "")]))
  );
}
