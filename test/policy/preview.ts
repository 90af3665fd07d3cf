/** Recorded resources as a first preview has them: what AWS makes up is not known yet, wherever it is used. */
import type { RecordedResource } from "../../offline/program.ts";

/** Pulumi's mark of a text that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Outputs that AWS makes up. */
const COMPUTED = ["arn", "arnSuffix", "allocationId", "publicIp", "privateIp", "primaryNetworkInterfaceId"];

/** @param isNew Which of the resources the update would make; by default all. */
export function previewed(
  resources: RecordedResource[],
  isNew: (resource: RecordedResource) => boolean = () => true,
): RecordedResource[] {
  const made = resources
    .filter((resource) => resource.id !== "" && isNew(resource))
    .flatMap(({ id, inputs, state }) => [
      id,
      ...COMPUTED.filter((key) => state[key] !== undefined && inputs[key] === undefined).map(
        (key) => state[key],
      ),
    ]);
  const unmade = (value: any): any => {
    if (typeof value === "string") return made.some((each) => value.includes(each)) ? UNKNOWN : value;
    if (Array.isArray(value)) return value.map(unmade);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unmade(each)]));
  };
  return resources.map((resource) => ({
    ...resource,
    id: made.includes(resource.id) ? UNKNOWN : resource.id,
    inputs: unmade(resource.inputs),
    state: unmade(resource.state),
    outputs: unmade(resource.outputs),
  }));
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
