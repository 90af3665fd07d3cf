/** From a stack's raw config to settings, or to everything that is wrong with it. */
import { distance } from "fastest-levenshtein";
import { z } from "zod";
import { crossRules } from "./cross-rules.ts";
import { type Mistake, NOT_SET, printable, printableKey, SECRET } from "./mistakes.ts";
import type { Refusal } from "./refusal.ts";
import { factsOf, type Key, keys, SET_USERS, type Settings, settingsSchema } from "./schema.ts";

const kinds = kindsOfKeys();

/** A name or a value that speaks of secrets is not shown, whatever the key; the last is how OpenSSH's private keys begin. */
const SECRETIVE = /pass|pwd|secret|private|token|credential|b3BlbnNzaC1rZXktdjE/i;

/** One key as it stands in the config. */
interface Given {
  value: unknown;
  /** Whether no part of it may be shown. */
  hidden: boolean;
}

/**
 * Reads a stack's config.
 *
 * @param raw values by key without namespace, as Pulumi hands them to a program: scalars as text, lists as JSON.
 * An empty text or an empty list is the same as no value.
 * @param secretKeys which of these keys are encrypted in the stack's file.
 * @returns the settings, or every mistake. It throws for no input.
 */
export function readSettings(
  raw: Record<string, string>,
  secretKeys: ReadonlySet<string>,
): { settings: Settings } | { mistakes: Mistake[] } {
  const mistakes: Mistake[] = [];
  const settings: Record<string, unknown> = {};
  const wrong = new Set<Key>();
  const given = new Map<Key, Given>();

  for (const key of keys) {
    const text = Object.hasOwn(raw, key) ? raw[key]! : "";
    const found = { value: readText(key, text), hidden: isHidden(key, text, secretKeys) };
    given.set(key, found);
    const schema: z.ZodType = settingsSchema.shape[key];
    if (found.value === undefined && schema instanceof z.ZodExactOptional) continue;
    const result = schema.safeParse(found.value);
    if (result.success) settings[key] = result.data;
    else {
      wrong.add(key);
      for (const mistake of mistakesOf(key, found, result.error.issues)) mistakes.push(mistake);
    }
  }
  if (given.get("users")?.value !== undefined && !secretKeys.has("users")) {
    mistakes.push({
      key: "users",
      value: SECRET,
      allowed: "an encrypted value: accounts never lie in a stack's file as plain text",
      wayOut: `${SET_USERS} (and new passwords, if others could read the file)`,
    });
  }
  for (const { keys: involved, judge } of crossRules) {
    if (involved.some((key) => wrong.has(key))) continue;
    const refused = judge(settings as Settings);
    if (!refused) continue;
    const { key, allowed, wayOut } = refused;
    const { value, hidden } = given.get(key)!;
    // A default that another key collides with is shown like a value.
    const standard = typeof settings[key] === "string" ? settings[key] : undefined;
    mistakes.push({ key, value: shown({ value: value ?? standard, hidden }), allowed, wayOut });
  }
  for (const name of Object.keys(raw)) {
    if (!Object.hasOwn(settingsSchema.shape, name)) mistakes.push(unknownKey(name, raw[name]!, secretKeys));
  }
  return mistakes.length > 0 ? { mistakes } : { settings: settings as Settings };
}

/** What zod calls a key's type: `number`, `array`, … . */
function kindsOfKeys(): ReadonlyMap<Key, string> {
  return new Map(
    keys.map((key) => {
      const schema: z.ZodType = settingsSchema.shape[key];
      const inner =
        schema instanceof z.ZodDefault || schema instanceof z.ZodExactOptional ? schema.unwrap() : schema;
      return [key, (inner as z.ZodType).type];
    }),
  );
}

/** A text as the value it stands for: itself where it is none of its key's type, undefined where it is unset. */
function readText(key: Key, text: string): unknown {
  if (text === "") return undefined;
  switch (kinds.get(key)) {
    case "number":
      return /^-?(0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : text;
    case "boolean":
      return text === "true" || text === "false" ? text === "true" : text;
    case "array": {
      const value = readJson(text);
      return Array.isArray(value) && value.length === 0 ? undefined : value;
    }
    default:
      return text;
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isHidden(key: string, text: string, secretKeys: ReadonlySet<string>): boolean {
  return secretKeys.has(key) || SECRETIVE.test(text) || (isKey(key) && factsOf(key).secret === true);
}

/** One mistake for each place in a key's value: what zod says of a place after the first is a consequence. */
function mistakesOf(key: Key, given: Given, issues: z.core.$ZodIssue[]): Mistake[] {
  const { allowed, wayOut, secret } = factsOf(key);
  const places = new Map<string, Mistake>();
  for (const issue of issues) {
    const refusal: Refusal = issue.code === "custom" ? (issue.params ?? {}) : {};
    const place =
      key + issue.path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
    if (places.has(place)) continue;
    const hidden = given.hidden || refusal.hide === true;
    // A refusal may quote the value, so it is not for values that are hidden; those of a secret key never quote.
    const texts = hidden && !secret && !refusal.hide ? {} : refusal;
    places.set(place, {
      key: place,
      value: shown({ value: valueAt(given.value, issue.path), hidden }),
      allowed: texts.allowed ?? allowed,
      wayOut: texts.wayOut ?? wayOut,
    });
  }
  return [...places.values()];
}

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((at, step) => (at as Record<PropertyKey, unknown> | undefined)?.[step], value);
}

function shown({ value, hidden }: Given): string {
  if (value === undefined) return NOT_SET;
  return hidden ? SECRET : printable(value);
}

function unknownKey(name: string, text: string, secretKeys: ReadonlySet<string>): Mistake {
  // Beyond a hundred characters no key is near, and comparing takes time.
  const start = name.slice(0, 100).toLowerCase();
  const far = (key: Key): number => distance(start, key.toLowerCase());
  const nearest = keys.reduce((best, key) => (far(key) < far(best) ? key : best));
  const hidden = isHidden(name, text, secretKeys) || SECRETIVE.test(name) || factsOf(nearest).secret === true;
  return {
    key: printableKey(name),
    value: hidden ? SECRET : printable(text),
    allowed: `one of ${keys.join(", ")}`,
    wayOut: `did you mean ${nearest}? ${factsOf(nearest).wayOut}`,
  };
}

function isKey(name: string): name is Key {
  return Object.hasOwn(settingsSchema.shape, name);
}
