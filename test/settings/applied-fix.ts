/** What the commands of a fix make of a config, as Pulumi's CLI would write them into the stack's file. */
import { ED25519 } from "../shared/public-keys.ts";

/** A config by key, as the CLI hands it to the program: scalars as text, the rest as JSON. */
export type Raw = Record<string, string>;

/** A value that a shell would put there. */
const SHELL: Record<string, string> = { '"$(cat ~/.ssh/id_ed25519.pub)"': ED25519 };

const COMMAND =
  /pulumi config (set|rm) (?:--path '([^']+)'|(pptp-fleet:[\w.-]+))(?: ("[^"]*"|'[^']*'|[^\s,]+))?/g;

/**
 * The config after each of the ways that are commands; a way of two commands does both. Where a text names a key and
 * leaves its value open there is nothing to do.
 */
export function afterFix(raw: Raw, fix: string): Raw[] {
  return fix.split(/, or (?=pulumi )/).flatMap((way) => {
    const commands = [...way.matchAll(COMMAND)].filter(([, , , , value]) => !value?.includes("<"));
    if (commands.length === 0 || way.includes("--secret")) return [];
    return [
      commands.reduce((config, [, verb, path, key, value]) => {
        const typed = (path ?? key!).replace("pptp-fleet:", "");
        // Without --path a dot is a letter like others.
        const [name = "", ...more] = path === undefined ? [typed] : steps(typed);
        return withValue(config, name, more, verb === "rm" ? undefined : meant(value!));
      }, raw),
    ];
  });
}

/** Of a property path: `a.b[0]["c.d"]`. */
function steps(path: string): string[] {
  return (path.match(/"[^"]*"|[^.[\]"]+/g) ?? []).map((step) => step.replaceAll('"', ""));
}

function meant(typed: string): unknown {
  const text = SHELL[typed] ?? typed.replace(/^'(.*)'$/, "$1");
  // Only in a path does the CLI read a value's type.
  return /^([0-9]+|true|false|[[{].*)$/.test(text) ? JSON.parse(text) : text;
}

function withValue(raw: Raw, name: string, [step, ...more]: string[], value: unknown): Raw {
  const { [name]: old, ...others } = raw;
  if (step === undefined) {
    if (value === undefined) return others;
    return { ...raw, [name]: typeof value === "object" ? JSON.stringify(value) : String(value) };
  }
  return { ...raw, [name]: JSON.stringify(within(parsed(old), step, more, value)) };
}

function within(at: unknown, step: string, [next, ...more]: string[], value: unknown): unknown {
  const container = (at ?? (/^[0-9]+$/.test(step) ? [] : {})) as Record<string, unknown>;
  const copy = (Array.isArray(container) ? [...container] : { ...container }) as Record<string, unknown>;
  const set = next === undefined ? value : within(copy[step], next, more, value);
  if (set === undefined && Array.isArray(copy)) copy.splice(Number(step), 1);
  else if (set === undefined) delete copy[step];
  else copy[step] = set;
  return copy;
}

/** A text that is none of a list or an object is replaced, as the CLI asks for. */
function parsed(old: string | undefined): unknown {
  try {
    const value: unknown = JSON.parse(old ?? "");
    return value !== null && typeof value === "object" ? value : undefined;
  } catch {
    return undefined;
  }
}
