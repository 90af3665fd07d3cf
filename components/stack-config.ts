import * as pulumi from "@pulumi/pulumi";

/**
 * The keys of one namespace of the stack's config, as the CLI hands them over: text by key, without the namespace, and which
 * of the keys are encrypted in the stack's file.
 */
export function stackConfig(namespace: string): [raw: Record<string, string>, secretKeys: Set<string>] {
  const prefix = `${namespace}:`;
  const keys = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  const raw = Object.fromEntries(keys.map(([key, value]) => [key.slice(prefix.length), value]));
  const secretKeys = keys.filter(([key]) => isSecret(key)).map(([key]) => key.slice(prefix.length));
  return [raw, new Set(secretKeys)];
}

/** A key of another's, such as the provider's: its text, undefined where it is not set, and whether it is encrypted. */
export function othersConfig(key: string): [text: string | undefined, secret: boolean] {
  return [pulumi.runtime.allConfig()[key], isSecret(key)];
}

/** Exported by the SDK's runtime, and stripped from its declarations as internal; no public call says it. */
function isSecret(key: string): boolean {
  return (pulumi.runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(key);
}
