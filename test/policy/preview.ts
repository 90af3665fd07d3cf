/** Recorded resources as a first preview has them: what AWS makes up is not known yet, wherever it is used. */
import {
  DEFAULT_GROUP,
  INSTANCE,
  NETWORK_INTERFACE,
  ROUTE_TABLE,
  SECURITY_GROUP,
  VPC,
} from "../../graph/types.ts";
import type { RecordedResource } from "../../offline/program.ts";

/** Pulumi's mark of a text that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Outputs that AWS makes up, where the program uses them. */
const COMPUTED = ["arn", "arnSuffix", "allocationId", "publicIp", "privateIp", "primaryNetworkInterfaceId"];

/**
 * Outputs that AWS's provider calls unknown in a preview where the program says nothing of them (Optional and Computed
 * in its schema): whoever asks for them must not take unknown for an answer.
 */
const UNSAID: Record<string, string[]> = {
  [SECURITY_GROUP]: ["ingress", "egress"],
  [DEFAULT_GROUP]: ["ingress", "egress"],
  [ROUTE_TABLE]: ["routes"],
  [VPC]: ["defaultSecurityGroupId", "mainRouteTableId"],
  [NETWORK_INTERFACE]: ["attachments"],
  [INSTANCE]: [
    ...["subnetId", "vpcSecurityGroupIds", "associatePublicIpAddress", "publicIp", "sourceDestCheck"],
    ...["primaryNetworkInterface", "networkInterfaces", "ebsBlockDevices", "userData"],
  ],
};

/** By resource and by what is not known: a run's resources are asked for again and again. */
const previews = new WeakMap<RecordedResource, Map<string, RecordedResource>>();

/** @param isNew Which of the resources the update would make; by default all. */
export function previewed(
  resources: RecordedResource[],
  isNew: (resource: RecordedResource) => boolean = () => true,
): RecordedResource[] {
  const made = resources
    .filter((resource) => resource.id !== "" && isNew(resource))
    .flatMap(({ id, inputs, state }) => [
      id,
      ...COMPUTED.filter((key) => state[key] !== undefined && inputs[key] === undefined).flatMap((key) => [
        state[key],
        ...accounts(state[key]),
      ]),
    ]);
  const unmade = (value: any): any => {
    if (typeof value === "string") return made.some((each) => value.includes(each)) ? UNKNOWN : value;
    if (Array.isArray(value)) return value.map(unmade);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unmade(each)]));
  };
  const unknown = made.join("\n");
  return resources.map((resource) => {
    const preview = () => ({
      ...resource,
      id: made.includes(resource.id) ? UNKNOWN : resource.id,
      inputs: unmade(resource.inputs),
      state: { ...unsaid(resource, isNew(resource)), ...unmade(resource.state) },
      outputs: unmade(resource.outputs),
    });
    // One that may change yet is looked at anew.
    if (!Object.isFrozen(resource)) return preview();
    const known = previews.get(resource) ?? new Map<string, RecordedResource>();
    previews.set(resource, known);
    const key = `${isNew(resource)}\n${unknown}`;
    const seen = known.get(key) ?? preview();
    known.set(key, seen);
    return seen;
  });
}

/** An ARN tells the account, which the program reads out of it. */
function accounts(arn: string): string[] {
  return arn.match(/\d{12}/g) ?? [];
}

function unsaid({ type }: RecordedResource, isNew: boolean): object {
  return Object.fromEntries((isNew ? (UNSAID[type] ?? []) : []).map((key) => [key, UNKNOWN]));
}

/** The same from a provider that calls each list and object unknown in which anything is. */
export function coarser(resources: RecordedResource[]): RecordedResource[] {
  return resources.map((resource) => ({
    ...resource,
    state: Object.fromEntries(
      Object.entries(resource.state).map(([key, value]) => [
        key,
        JSON.stringify(value).includes(UNKNOWN) ? UNKNOWN : value,
      ]),
    ),
  }));
}
