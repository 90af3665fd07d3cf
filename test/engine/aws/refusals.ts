/** What AWS refuses, of what an update of ours could ask in the wrong order. Its error codes are AWS's. */
import type { Properties } from "../pulumi/wire.ts";
import type { Standing } from "./standing.ts";

/** Of each type, what no two can have at once. A second one has to wait until the first is gone. */
const UNIQUE: Record<
  string,
  { code: string; of(inputs: Properties): unknown[]; unless?(inputs: Properties): boolean }
> = {
  NetworkInterface: {
    code: "InvalidIPAddress.InUse",
    of: ({ subnetId, privateIps }) => (privateIps ?? []).map((address: string) => [subnetId, address]),
  },
  Instance: {
    code: "InvalidNetworkInterface.InUse",
    of: ({ primaryNetworkInterface }) =>
      primaryNetworkInterface === undefined ? [] : [primaryNetworkInterface.networkInterfaceId],
  },
  EipAssociation: {
    code: "Resource.AlreadyAssociated",
    of: ({ allocationId, networkInterfaceId }) => [allocationId, networkInterfaceId],
    unless: ({ allowReassociation }) => allowReassociation === true,
  },
  Route: { code: "RouteAlreadyExists", of: (inputs) => [[inputs.routeTableId, inputs.destinationCidrBlock]] },
  RouteTableAssociation: { code: "Resource.AlreadyAssociated", of: ({ subnetId }) => [subnetId] },
  Subnet: { code: "InvalidSubnet.Conflict", of: ({ vpcId, cidrBlock }) => [[vpcId, cidrBlock]] },
  SecurityGroupIngressRule: { code: "InvalidPermission.Duplicate", of: (inputs) => [permission(inputs)] },
  SecurityGroupEgressRule: { code: "InvalidPermission.Duplicate", of: (inputs) => [permission(inputs)] },
  LoadBalancer: {
    code: "InvalidConfigurationRequest",
    of: ({ subnetMappings }) => subnetMappings.map((each: Properties) => each.privateIpv4Address),
  },
  Listener: { code: "DuplicateListener", of: ({ loadBalancerArn, port }) => [[loadBalancerArn, port]] },
  Secret: { code: "ResourceExistsException", of: ({ name }) => [name] },
  // Of all buckets, whoever's.
  Bucket: { code: "BucketAlreadyOwnedByYou", of: ({ bucket }) => [bucket] },
  // A table has one route to each prefix list.
  VpcEndpoint: {
    code: "RouteAlreadyExists",
    of: ({ routeTableIds, serviceName }) => routeTableIds.map((table: string) => [table, serviceName]),
  },
  LogGroup: { code: "ResourceAlreadyExistsException", of: ({ name }) => [name] },
  Record: {
    code: "InvalidChangeBatch",
    of: ({ zoneId, name, type, setIdentifier }) => [[zoneId, name, type, setIdentifier]],
  },
};

/** Of each type, who still needs it: AWS does not delete it under them. */
const NEEDED_BY: Record<string, { code: string; types: string[] }> = {
  Vpc: {
    code: "DependencyViolation",
    types: ["Subnet", "SecurityGroup", "InternetGateway", "RouteTable", "VpcEndpoint"],
  },
  Subnet: { code: "DependencyViolation", types: ["NetworkInterface", "Instance", "LoadBalancer"] },
  RouteTable: { code: "DependencyViolation", types: ["RouteTableAssociation"] },
  SecurityGroup: { code: "DependencyViolation", types: ["NetworkInterface", "Instance", "LoadBalancer"] },
  NetworkInterface: { code: "InvalidParameterValue", types: ["Instance"] },
  Eip: { code: "InvalidIPAddress.InUse", types: ["EipAssociation"] },
  TargetGroup: { code: "ResourceInUse", types: ["Listener"] },
  Role: { code: "DeleteConflict", types: ["RolePolicy", "InstanceProfile"] },
};

export function refusalToCreate(standing: Standing[], type: string, inputs: Properties): string | undefined {
  if (kind(type) === "EipAssociation" && !isReachable(standing, inputs))
    return `Gateway.NotAttached: no internet gateway is attached to the VPC of ${inputs.networkInterfaceId}`;
  const unique = UNIQUE[kind(type)];
  if (unique === undefined || unique.unless?.(inputs)) return undefined;
  const wanted = unique.of(inputs).map((each) => JSON.stringify(each));
  const taken = standing
    .filter((other) => other.type === type)
    .find((other) => unique.of(other.inputs).some((each) => wanted.includes(JSON.stringify(each))));
  return taken && `${unique.code}: ${taken.id} has it`;
}

export function refusalToUpdate(
  standing: Standing[],
  stands: Standing,
  inputs: Properties,
): string | undefined {
  const moved = kind(stands.type) === "InternetGateway" && stands.inputs.vpcId !== inputs.vpcId;
  return moved ? mappedAddresses(standing, stands) : undefined;
}

export function refusalToDelete(standing: Standing[], gone: Standing): string | undefined {
  const { type, id, inputs, outputs } = gone;
  if (inputs.disableApiTermination === true)
    return `OperationNotPermitted: ${id} may not be terminated: disableApiTermination`;
  if (inputs.enableDeletionProtection === true)
    return `OperationNotPermitted: ${id} cannot be deleted because deletion protection is enabled`;
  if (kind(type) === "InternetGateway") return mappedAddresses(standing, gone);
  const needed = NEEDED_BY[kind(type)];
  const by = standing.find(
    (other) => needed?.types.includes(kind(other.type)) && names(other.inputs, [id, outputs.arn]),
  );
  return by && `${needed!.code}: ${by.id} needs ${id}`;
}

/** The VPC of an instance or an association, where its subnet is the stack's own. */
function vpcOf(standing: Standing[], inputs: Properties): unknown {
  const find = (id: unknown) => standing.find((each) => each.id === id);
  const onInterface = (id: unknown) =>
    find(id) ?? standing.find(({ outputs }) => outputs.primaryNetworkInterfaceId === id && id !== undefined);
  return find(inputs.subnetId ?? onInterface(inputs.networkInterfaceId)?.inputs.subnetId)?.inputs.vpcId;
}

function isReachable(standing: Standing[], association: Properties): boolean {
  const vpc = vpcOf(standing, association);
  // One that existed before has its own gateway (offline/existing-vpc.ts).
  return (
    !standing.some(({ id }) => id === vpc) ||
    standing.some(({ type, inputs }) => kind(type) === "InternetGateway" && inputs.vpcId === vpc)
  );
}

/** A gateway leaves its VPC only when nobody there has a public address. */
function mappedAddresses(standing: Standing[], gateway: Standing): string | undefined {
  const mapped = standing
    .filter((each) => kind(each.type) === "EipAssociation" || each.inputs.associatePublicIpAddress === true)
    .find(({ inputs }) => vpcOf(standing, inputs) === gateway.inputs.vpcId);
  return mapped && `DependencyViolation: ${gateway.id} has mapped public addresses: ${mapped.id}`;
}

function permission({ securityGroupId, cidrIpv4, ipProtocol, fromPort, toPort }: Properties): unknown[] {
  return [securityGroupId, cidrIpv4, ipProtocol, fromPort, toPort];
}

/** Whether a value has one of `words` anywhere. */
function names(value: unknown, words: string[]): boolean {
  if (typeof value === "string") return words.includes(value);
  return (
    value !== null && typeof value === "object" && Object.values(value).some((each) => names(each, words))
  );
}

/** `Instance` of `aws:ec2/instance:Instance`. */
function kind(type: string): string {
  return type.split(":").at(-1)!;
}
