/**
 * `pulumi refresh`: the state as the provider has it. After pulumi/pulumi, pkg/cmd/pulumi/operations/refresh.go and
 * RefreshStep in pkg/resource/deploy/step.go (3.260). What was updating or deleting when an engine was killed is known with
 * it; what was creating stays, unless it is cleared.
 */
import { asSecret } from "./deployment/properties.ts";
import type { Provider } from "./provider.ts";
import type { Resource, State, Undone } from "./state.ts";
import { plain } from "./wire.ts";

export interface Refreshed {
  state: State;
  undone: Undone;
}

export function refresh(
  { state, undone, provider }: Refreshed & { provider: Provider },
  { clearPendingCreates = false } = {},
): Refreshed {
  const operations = undone.operations.filter(({ type }) => type === "creating" && !clearPendingCreates);
  const read = [...state].flatMap(([urn, resource]): [string, Resource][] => {
    const found = readOf(resource, provider);
    return found === undefined ? [] : [[urn, found]];
  });
  const doomed = undone.doomed.filter((each) => readOf(each, provider) !== undefined);
  return { state: new Map(read), undone: { operations, doomed } };
}

/** Undefined where it is not there any more. One that is to come in its place has nothing to read. */
function readOf(resource: Resource, provider: Provider): Resource | undefined {
  const { custom, type, id, inputs, pendingReplacement } = resource;
  if (!custom || pendingReplacement) return resource;
  let found: ReturnType<Provider["read"]>;
  try {
    found = provider.read(type, id);
  } catch {
    return undefined;
  }
  // What is read has no marks of secrets: the inputs stay where they are the same.
  const isSame = provider.diff(type, plain(inputs), found.inputs).changed.length === 0;
  return { ...resource, inputs: isSame ? inputs : found.inputs, outputs: asSecret(inputs, found.outputs) };
}
