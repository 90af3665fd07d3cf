/** What the engine does to a resource's inputs and outputs by itself. */
import { isSecret, type Properties, plain, secret } from "../wire.ts";

/** The new inputs, with the old ones where changes are ignored. */
export function ignoring(keys: string[], olds: Properties, news: Properties): Properties {
  const result = { ...news };
  for (const key of keys) {
    if (/[.[*]/.test(key))
      throw new Error(`ignoreChanges of ${key}: this engine knows whole properties only`);
    if (key in olds) result[key] = olds[key];
    else delete result[key];
  }
  return result;
}

/** Outputs, with what was given as a secret marked as one. */
export function asSecret(inputs: Properties, outputs: Properties): Properties {
  const marked = Object.entries(outputs).map(([key, value]) => [
    key,
    isSecret(inputs[key]) ? secret(plain(value)) : value,
  ]);
  return Object.fromEntries(marked);
}
