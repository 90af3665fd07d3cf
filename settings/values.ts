/**
 * Texts of the config as the values that they stand for. The CLI hands scalars over as text and everything else as
 * JSON, in which a member set with `pulumi config set --path` may be a text or a value.
 */
import { z } from "zod";
import { type Key, keys, membersOf, settingsSchema } from "./schema.ts";

/** What zod calls a type: `number`, `array`, `object`, … . */
type Kind = string;

const kinds: ReadonlyMap<Key, Kind> = new Map(keys.map((key) => [key, kindOf(settingsSchema.shape[key])]));

/** What some editors begin a file in UTF-8 with; it reaches us where a value was read from a file. */
const BYTE_ORDER_MARK = "\ufeff";

/** A key's text as its value: itself where it is none of the key's type, undefined where it is unset. */
export function readText(key: Key, written: string): unknown {
  const text = written.startsWith(BYTE_ORDER_MARK) ? written.slice(1) : written;
  if (text === "") return undefined;
  const kind = kinds.get(key)!;
  if (kind === "object") return readGroup(key, text);
  if (kind === "record") return readRecord(text);
  return kind === "array" ? unlessEmpty(readJson(text)) : readScalar(kind, text);
}

/** A group's JSON with each member as its value; members that are unset, and an empty group, are left out. */
function readGroup(key: Key, text: string): unknown {
  const group = readJson(text);
  if (group === null || typeof group !== "object" || Array.isArray(group)) return group;
  const members = membersOf(key);
  const set = Object.entries(group)
    .map(([name, value]) => [
      name,
      Object.hasOwn(members, name) ? readMember(kindOf(members[name]!), value) : value,
    ])
    .filter(([, value]) => value !== undefined);
  return set.length === 0 ? undefined : Object.fromEntries(set);
}

/**
 * An object of texts by any members, without those that are unset; an empty one is no value. A text of digits reaches us as
 * a number, from YAML and from `pulumi config set --path` alike. One with a point has lost its zeros by then (1.10) and stays what it is.
 */
function readRecord(text: string): unknown {
  const record = readJson(text);
  if (record === null || typeof record !== "object" || Array.isArray(record)) return unlessEmpty(record);
  const set = Object.entries(record)
    .filter(([, value]) => value !== "" && value !== null)
    .map(([name, value]) => [name, Number.isSafeInteger(value) ? String(value) : value]);
  return set.length === 0 ? undefined : Object.fromEntries(set);
}

function readMember(kind: Kind, value: unknown): unknown {
  if (value === "" || value === null) return undefined;
  // 128 is as good as "128" for a word that looks like a number.
  if (kind === "enum" && typeof value === "number") return String(value);
  if (typeof value !== "string") return kind === "array" ? unlessEmpty(value) : value;
  return kind === "array" || kind === "tuple" ? unlessEmpty(readJson(value)) : readScalar(kind, value);
}

function readScalar(kind: Kind, text: string): unknown {
  const isNumber = /^-?(0|[1-9][0-9]{0,14})$/.test(text);
  switch (kind) {
    case "number":
    // A union of ours is of a number and words.
    case "union":
      return isNumber ? Number(text) : text;
    case "boolean":
      return text === "true" || text === "false" ? text === "true" : text;
    default:
      return text;
  }
}

function unlessEmpty(value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? undefined : value;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The type under a default or an option to leave it out. */
function kindOf(schema: z.ZodType): Kind {
  const wrapped =
    schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodExactOptional;
  return wrapped ? kindOf(schema.unwrap() as z.ZodType) : schema.type;
}
