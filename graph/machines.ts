/** Instances of the program: whose they are, where they stand, under which address. */
import type { Graph, Resource } from "./graph.ts";
import { EIP_ASSOCIATION, type INSTANCE, INSTANCE_PROFILE, NETWORK_INTERFACE } from "./types.ts";

type Instance = Resource<typeof INSTANCE>;

/** Its name in the plan, such as `a-1`: the tag `server` or `gateway`. */
export function machineName({ inputs: { tags }, name }: Instance): string {
  return tags.server ?? tags.gateway ?? name;
}

export function machineKind({ inputs: { tags } }: Instance): "server" | "gateway" {
  return tags.gateway === undefined ? "server" : "gateway";
}

/** The bytes that EC2 gets, still gzipped. */
export function userDataOf({ inputs }: Instance): Buffer {
  return Buffer.from(inputs.userDataBase64, "base64");
}

/** The first interface of an instance. */
export interface Interface {
  id: string;
  privateAddress: string;
  subnetId: string;
  /** IDs of security groups. */
  groups: string[];
  /** Whether EC2 gives it only what is for its own address. */
  sourceDestCheck: boolean;
}

/** An interface that is a resource of its own, or the one that EC2 makes with the instance. */
export function interfaceOf(graph: Graph, { inputs, state }: Instance): Interface {
  const id = inputs.primaryNetworkInterface?.networkInterfaceId;
  if (id === undefined)
    return {
      id: state.primaryNetworkInterfaceId!,
      privateAddress: state.privateIp!,
      subnetId: inputs.subnetId!,
      groups: inputs.vpcSecurityGroupIds ?? [],
      sourceDestCheck: inputs.sourceDestCheck ?? true,
    };
  const { subnetId, privateIps, securityGroups, sourceDestCheck } = graph.find(NETWORK_INTERFACE, id).inputs;
  return {
    ...{ id, subnetId, groups: securityGroups, sourceDestCheck: sourceDestCheck ?? true },
    privateAddress: privateIps[0]!,
  };
}

/** Allocation ID of the Elastic IP on an instance, by whichever side its association names. */
export function elasticIpOf(graph: Graph, instance: Instance): string | undefined {
  const { id } = interfaceOf(graph, instance);
  return graph
    .all(EIP_ASSOCIATION)
    .find(({ inputs }) => inputs.networkInterfaceId === id || inputs.instanceId === instance.id)?.inputs
    .allocationId;
}

/** The role of an instance's profile; undefined where it has none, as one that is not the program's may. */
export function roleOf(graph: Graph, { inputs }: Instance): string | undefined {
  const profile: string | undefined = inputs.iamInstanceProfile;
  return profile && graph.find(INSTANCE_PROFILE, profile).inputs.role;
}
