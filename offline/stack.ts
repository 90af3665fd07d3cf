/** A stack's config from its file, as the CLI would hand it over: without the CLI, and without the passphrase. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { secretKeys as secretSettings } from "../settings/schema.ts";
import { PROJECT, type ProgramInput } from "./program.ts";

const ROOT = join(import.meta.dirname, "..");

/** Stands in for what is encrypted in the stack's file: one account, so that the plan has what to show. */
const SEALED_USERS = JSON.stringify([{ name: "sealed", password: "sealed" }]);

export interface StackInput extends ProgramInput {
  /** Keys whose value is encrypted in the file; a stand-in takes its place. */
  sealed: string[];
}

/**
 * The config of a stack, with `overrides` (`key=value`, the key with or without namespace; `group.member=value` for
 * a member of a group) over it.
 *
 * @param folder Where the stacks' files are. @default the repository
 * @throws Error that names the stacks there are, where this one has no file; or an override that is none.
 */
export function stackInput(stack: string, overrides: string[], folder = ROOT): StackInput {
  const file = join(folder, `Pulumi.${stack}.yaml`);
  if (!existsSync(file))
    throw new Error(`no Pulumi.${stack}.yaml here; there are the stacks ${stacks(folder).join(", ")}`);
  const written: Record<string, unknown> = parse(readFileSync(file, "utf8"))?.config ?? {};
  const config: Record<string, string> = {};
  const secretKeys: string[] = [];
  const sealed: string[] = [];
  for (const [key, value] of Object.entries(written)) {
    if (hasSealed(value)) {
      sealed.push(key);
      secretKeys.push(key);
      config[key] = key === `${PROJECT}:users` ? SEALED_USERS : "sealed";
    } else config[key] = text(value);
  }
  for (const override of overrides) {
    const [key, value] = keyAndValue(override);
    const [, group, member] = /^([^.]+)\.(.+)$/.exec(key) ?? [];
    if (group === undefined || member === undefined) config[key] = value;
    else config[group] = withMember(config[group], member, value);
    if (secretSettings.some((name) => key === `${PROJECT}:${name}`)) secretKeys.push(key);
  }
  return {
    stack,
    config,
    secretKeys,
    sealed: sealed.filter((key) => !overrides.some((o) => keyAndValue(o)[0] === key)),
  };
}

/** The stacks that have a file. */
export function stacks(folder = ROOT): string[] {
  return readdirSync(folder).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
}

/** The CLI hands scalars over as text, all else as JSON. */
function text(value: unknown): string {
  return value !== null && typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** `secure:` marks what the CLI encrypted, at any depth. */
function hasSealed(value: unknown): boolean {
  if (value === null || typeof value !== "object") return false;
  return "secure" in value || Object.values(value).some(hasSealed);
}

/** A group's JSON with one member set, as `pulumi config set --path` would leave it. */
function withMember(group: string | undefined, member: string, value: string): string {
  const written: unknown = group && isJson(group) ? JSON.parse(group) : {};
  return JSON.stringify({ ...(written as object), [member]: isJson(value) ? JSON.parse(value) : value });
}

/** A value that is JSON is taken as JSON, so that `"2"` and `2` are the same to the program; all else as text. */
function keyAndValue(override: string): [key: string, value: string] {
  const at = override.indexOf("=");
  if (at < 1) throw new Error(`--config ${override}: say key=value`);
  const key = override.slice(0, at);
  const value = override.slice(at + 1);
  return [key.includes(":") ? key : `${PROJECT}:${key}`, isJson(value) ? text(JSON.parse(value)) : value];
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
