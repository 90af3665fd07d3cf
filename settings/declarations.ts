/** The schema as Pulumi's CLI reads it: Pulumi.yaml's `config:` block. */
import { z } from "zod";
import { facts } from "./keys/facts.ts";
import { factsOf, groups, type Key, keys, settingsSchema } from "./schema.ts";

/** A key as Pulumi.yaml declares it (Pulumi's project file reference, "config options"). */
export interface Declaration {
  /** Left out for a secret: the CLI would refuse the JSON text that `pulumi config set --secret` stores for a list. */
  type?: "string" | "integer" | "boolean" | "array" | "object";
  /** For an array, and required with it. */
  items?: { type: "string" };
  description: string;
  /** Every key has one, or the CLI asks for the key before our own messages are seen; an empty one means unset. */
  default: unknown;
}

/**
 * Pulumi.yaml's `config:` block. No key is `secret` there: the CLI would refuse a plain value before our message
 * says how it is set right.
 */
export function pulumiConfigBlock(): Record<Key, Declaration> {
  const schemas = (z.toJSONSchema(settingsSchema, { metadata: facts }).properties ?? {}) as Record<
    Key,
    JsonSchema
  >;
  return Object.fromEntries(keys.map((key) => [key, declaration(key, schemas[key])])) as Record<
    Key,
    Declaration
  >;
}

/** What we need of JSON Schema. */
interface JsonSchema {
  type: NonNullable<Declaration["type"]>;
  items?: { type: "string" };
  default?: unknown;
}

function declaration(key: Key, schema: JsonSchema): Declaration {
  const { description, secret } = factsOf(key);
  // An empty object, so that what a stack says of one member never meets a default of another.
  if (groups.includes(key)) return { type: "object", description, default: {} };
  const empty = schema.type === "array" ? [] : "";
  return {
    ...(secret ? {} : { type: schema.type }),
    ...(schema.items && !secret ? { items: { type: schema.items.type } } : {}),
    description,
    default: schema.default ?? empty,
  };
}
