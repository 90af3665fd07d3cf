/** What differs between a resource as it stands and as it is wanted, and what goes with one that is replaced. */
import type { Change, Provider } from "../provider.ts";
import { dependents, type Goal, type Resource, type State } from "../state.ts";
import { plain, UNKNOWN } from "../wire.ts";
import { ignoring } from "./properties.ts";

/** The provider's word, and the resource's own `replaceOnChanges`. */
export function difference(provider: Provider, { type, inputs, options }: Goal, old: Resource): Change {
  const change = provider.diff(type, plain(old.inputs), plain(inputs));
  const asked = change.changed.filter((key) =>
    options.replaceOnChanges.some((path) => path === "*" || path === key),
  );
  return { ...change, replaces: [...new Set([...change.replaces, ...asked])].sort() };
}

/**
 * Those that another `root` would replace too, with the inputs for which: these go before it, and come back when they are
 * registered.
 */
export function dependentReplacements(
  provider: Provider,
  state: State,
  root: Resource,
  isDealtWith: (resource: Resource) => boolean,
): [Resource, string[]][] {
  const set = new Set([root.urn]);
  const found: [Resource, string[]][] = [];
  for (const each of dependents(state, [root.urn])) {
    if (!each.custom || isDealtWith(each)) continue;
    const comes = (key: string) => each.propertyDependencies[key]?.some((urn) => set.has(urn)) ?? false;
    const unknown = Object.entries(each.inputs).map(([key, value]) => [key, comes(key) ? UNKNOWN : value]);
    const inputs = ignoring(each.options.ignoreChanges, each.inputs, Object.fromEntries(unknown));
    const { replaces } = difference(provider, { ...each, inputs }, each);
    if (replaces.length === 0) continue;
    set.add(each.urn);
    found.push([each, replaces]);
  }
  return found;
}
