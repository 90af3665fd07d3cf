/** What a person is told who wrote a wrong config. */
import { NAMESPACE } from "./keys/facts.ts";

export interface Mistake {
  /** Whose key it is, where it is another's: `aws`. @default ours */
  namespace?: string;
  /** The key without its namespace, down to the member at fault: `users[2].name`. */
  key: string;
  /** The value as it may be shown: JSON, cut short, `[secret]` for a secret. */
  value: string;
  /** What is allowed. */
  allowed: string;
  /** What to do about it. */
  fix: string;
}

/** Shown instead of a value that is a secret or may hold one. */
export const SECRET = "[secret]";
/** Shown for a key that has no value. */
export const NOT_SET = "not set";

const LONGEST = 80;

/** A value as JSON in printable ASCII: a terminal obeys control characters, and cannot be trusted with the rest. */
export function printable(value: unknown): string {
  return ascii(json(value));
}

/** A key's name as it may be shown: it comes from a file and may be anything. */
export function printableKey(key: string): string {
  return ascii(json(key).slice(1, -1).replaceAll('\\"', '"'));
}

/**
 * All mistakes as text of several lines, the number first. `[]` gives "0 mistakes".
 *
 * @param ours The namespace that our keys have in the stack's config.
 */
export function report(mistakes: Mistake[], ours: string = NAMESPACE): string {
  const count = `${mistakes.length} ${mistakes.length === 1 ? "mistake" : "mistakes"}`;
  const blocks = mistakes.map(({ namespace = ours, key, value, allowed, fix }) =>
    [
      `  ${namespace}:${key}`,
      `    value    ${value}`,
      `    allowed  ${underNamespace(allowed, ours)}`,
      `    fix      ${underNamespace(fix, ours)}`,
    ].join("\n"),
  );
  return [`${count} in the stack's config`, ...blocks].join("\n\n");
}

/** A text that names keys as `pptp-fleet:servers`, for a stack in whose config they have another namespace. */
export function underNamespace(text: string, namespace: string): string {
  return text.replace(OUR_KEY, () => `${namespace}:`);
}
/** What stands before a key of ours, and no end of a longer name. */
const OUR_KEY = new RegExp(`(?<![\\w.-])${NAMESPACE}:(?=\\w)`, "g");

function json(value: unknown): string {
  try {
    return JSON.stringify(value) ?? NOT_SET;
  } catch {
    // A text of a few thousand brackets parses to a value that is nested too deeply to be written again.
    return "(nested too deeply to be shown)";
  }
}

function ascii(text: string): string {
  const escaped = text
    .slice(0, LONGEST + 1)
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return escaped.length > LONGEST ? `${escaped.slice(0, LONGEST)}…` : escaped;
}
