/** From a stack's raw config to settings, or to everything that is wrong with it. */
import { distance } from "fastest-levenshtein";
import { z } from "zod";
import { facts, memberPath, NAMESPACE, remove, setPath, shorter } from "./keys/facts.ts";
import type { Refusal } from "./keys/refusal.ts";
import { type Mistake, NOT_SET, printable, printableKey, SECRET } from "./mistakes.ts";
import { crossRules } from "./rules/rules.ts";
import {
  factsOf,
  groups,
  type Key,
  keys,
  membersOf,
  SET_USERS,
  type Settings,
  settingsSchema,
} from "./schema.ts";
import { readText } from "./values.ts";
import { fixBy, meantKey, meantMember, meantOfAccount } from "./words/hints.ts";

/** A name or a value that speaks of secrets is not shown, whatever the key; the last is how OpenSSH's private keys begin. */
const SECRETIVE = /(?<!by)pass|pwd|secret|private|token|credential|b3BlbnNzaC1rZXktdjE/i;

/** How a name goes that a command would have to quote. */
const BY_EDITOR = "take it out of the stack's file";

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
      fix: `${SET_USERS} (and new passwords, if others could read the file)`,
    });
  }
  for (const { keys: involved, judge } of crossRules) {
    if (involved.some((key) => wrong.has(key))) continue;
    const refused = judge(settings as Settings);
    if (!refused) continue;
    const { key, member, allowed, fix } = refused;
    const { value, hidden } = given.get(key)!;
    // A default that another key collides with is shown like a value.
    const standard = typeof settings[key] === "string" ? settings[key] : undefined;
    const [place, set] =
      member === undefined
        ? [key, value ?? standard]
        : [`${key}.${member}`, (settings[key] as Record<string, unknown>)[member]];
    mistakes.push({ key: place, value: shown({ value: set, hidden }), allowed, fix });
  }
  for (const name of Object.keys(raw)) {
    if (!Object.hasOwn(settingsSchema.shape, name)) mistakes.push(unknownKey(name, raw[name]!, secretKeys));
  }
  return mistakes.length > 0 ? { mistakes } : { settings: settings as Settings };
}

function isHidden(key: string, text: string, secretKeys: ReadonlySet<string>): boolean {
  return secretKeys.has(key) || SECRETIVE.test(text) || (isKey(key) && factsOf(key).secret === true);
}

/** One mistake for each place in a key's value: what zod says of a place after the first is a consequence. */
function mistakesOf(key: Key, given: Given, issues: z.core.$ZodIssue[]): Mistake[] {
  const { secret } = factsOf(key);
  const members = membersOf(key);
  const places = new Map<string, Mistake>();
  for (const issue of issues) {
    if (issue.code === "unrecognized_keys" && groups.includes(key)) {
      for (const name of issue.keys) places.set(`${key}.${name}`, unknownMember(key, name, given));
      continue;
    }
    if (issue.code === "unrecognized_keys" && key === "users") {
      const account = `${key}[${String(issue.path[0])}]`;
      for (const mistake of unknownOfAccount(account, issue.keys, given.value))
        places.set(mistake.key, mistake);
      continue;
    }
    const { allowed, fix } = facts.get(members[String(issue.path[0])] ?? settingsSchema.shape[key])!;
    const refusal: Refusal = issue.code === "custom" ? { ...issue.params } : {};
    const place = issue.path.reduce<string>(
      (at, step) => (typeof step === "number" ? `${at}[${step}]` : memberPath(at, String(step))),
      key,
    );
    if (places.has(place)) continue;
    const hidden = given.hidden || refusal.hide === true;
    const list = valueAt(given.value, issue.path);
    // A list's own fix sets an element, which makes no list shorter.
    if (issue.code === "too_big" && issue.origin === "array" && Array.isArray(list))
      refusal.fix = shorter(place, list.length, Number(issue.maximum));
    // A refusal may quote the value, so it is not for values that are hidden; those of a secret key never quote.
    const texts = hidden && !secret && !refusal.hide ? {} : refusal;
    const encoding = isOtherEncoding(given.value) ? `${OTHER_ENCODING}: ` : "";
    places.set(place, {
      // An object of any members has names as a person wrote them.
      key: printableKey(place),
      value: shown({ value: valueAt(given.value, issue.path), hidden }),
      allowed: encoding + (texts.allowed ?? allowed),
      fix: texts.fix ?? atPlace(fix, key, place),
    });
  }
  return [...places.values()];
}

/** A key's own fix sets its first element or a member of its own; here the one at fault. */
function atPlace(fix: string, key: Key, place: string): string {
  if (groups.includes(key) || place === key || !/^[\w.[\]"+-]{1,80}$/.test(place)) return fix;
  return fix.replace(/--path '[^']+'/, () => `--path '${NAMESPACE}:${place}'`);
}

const OTHER_ENCODING = "text in UTF-8, and this is in another encoding, as PowerShell's > writes UTF-16";

/** What is no text in UTF-8: it reaches us with a null byte for every other one, or with marks in place of what was none. */
function isOtherEncoding(value: unknown): boolean {
  return typeof value === "string" && /[\0\ufffd]/.test(value);
}

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((at, step) => (at as Record<PropertyKey, unknown> | undefined)?.[step], value);
}

function shown({ value, hidden }: Given): string {
  if (value === undefined) return NOT_SET;
  return hidden ? SECRET : printable(value);
}

/** A group's member that does not exist. */
function unknownMember(group: Key, name: string, { value, hidden }: Given): Mistake {
  const hide = hidden || SECRETIVE.test(name);
  const path = `${group}.${name}`;
  return {
    key: printableKey(path),
    value: shown({ value: (value as Record<string, unknown>)[name], hidden: hide }),
    allowed: `one of ${Object.keys(membersOf(group)).join(", ")}`,
    fix: fixBy(meantMember(group, name), /^[\w-]{1,80}$/.test(name) ? remove(path) : BY_EDITOR),
  };
}

/**
 * Members of an account that are neither its name nor its password. They are named: but not what may be a password itself,
 * written in the wrong place, which is what has other signs than a word's, or stands as a value too.
 */
function unknownOfAccount(account: string, names: string[], users: unknown): Mistake[] {
  const values = new Set((Array.isArray(users) ? users : []).flatMap((each) => Object.values(each ?? {})));
  const told = names.filter((name) => /^[a-z][a-z_-]{0,31}$/i.test(name) && !values.has(name));
  const allowed = factsOf("users").allowed;
  const mistakes = told.map((name) => {
    const answer = meantOfAccount(name);
    const text =
      answer === undefined
        ? "an account has no more than these two"
        : "sentence" in answer
          ? answer.sentence
          : `did you mean ${answer.keys.join()}?`;
    return { key: `${account}.${name}`, value: SECRET, allowed, fix: `${text}; ${SET_USERS}` };
  });
  if (told.length === names.length) return mistakes;
  const rest = { key: account, value: SECRET, allowed, fix: `take its other members out; ${SET_USERS}` };
  return [...mistakes, rest];
}

function unknownKey(name: string, text: string, secretKeys: ReadonlySet<string>): Mistake {
  const group = groups.find((key) => name.startsWith(`${key}.`));
  const member = group === undefined ? "" : name.slice(group.length + 1);
  const meant = group === undefined ? meantKey(name) : meantMember(group, member);
  const hidden = isHidden(name, text, secretKeys) || SECRETIVE.test(name) || isNearSecret(name, meant);
  const go = /^[\w.-]{1,80}$/.test(name) ? `pulumi config rm ${NAMESPACE}:${name}` : BY_EDITOR;
  return {
    key: printableKey(name),
    value: hidden ? SECRET : printable(text),
    allowed: `one of ${keys.join(", ")}`,
    fix:
      group !== undefined && Object.hasOwn(membersOf(group), member)
        ? `a group's member is set with --path: ${setPath(name, "<value>")}; ${go}`
        : fixBy(meant, go),
  };
}

/** Whether a secret key is meant, or of all keys the nearest by letters, however far. */
function isNearSecret(name: string, meant: ReturnType<typeof meantKey>): boolean {
  const start = name.slice(0, 100).toLowerCase();
  const far = (key: Key): number => distance(start, key.toLowerCase());
  const nearest = keys.reduce((best, key) => (far(key) < far(best) ? key : best));
  const ours = meant !== undefined && "keys" in meant ? meant.keys : [];
  return [nearest, ...ours].some((key) => isKey(key) && factsOf(key).secret === true);
}

function isKey(name: string): name is Key {
  return Object.hasOwn(settingsSchema.shape, name);
}
