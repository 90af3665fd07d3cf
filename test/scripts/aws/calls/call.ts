/** What a row of a table of calls is made of. */
import type { Call, Service } from "../models.ts";

export type Inputs = Record<string, any>;

export interface Row {
  source: string;
  /** @param id The resource's own, as AWS gives it. */
  calls(inputs: Inputs, id: string): Call[];
  /** Inputs that tell the provider what to do, and reach no call. */
  providersOwn?: string[];
}

/** @param what `ec2 CreateVpc`. */
export function call(what: `${Service} ${string}`, input: Inputs): Call {
  const [service, operation] = what.split(" ") as [Service, string];
  return { service, operation, input };
}

/** Tags in the form of most services. */
export function tagList(tags: Record<string, string>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** EC2's, as it makes something. */
export function tagged(ResourceType: string, tags: Record<string, string>): Inputs {
  return { TagSpecifications: [{ ResourceType, Tags: tagList(tags) }] };
}

/** Attributes of load balancing, whose values are texts; each key is one that AWS's model speaks of. */
export function attributes(values: Inputs): { Key: string; Value: string }[] {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([Key, value]) => ({ Key, Value: String(value) }));
}
