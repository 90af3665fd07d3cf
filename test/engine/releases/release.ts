/**
 * The state of example stacks as a release's program leaves it: `<release>/<stack>.json.gz`, made by record.ts.
 *
 *     gunzip -c test/engine/releases/0.1.0/prod.json.gz | jq .
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { recordedMachines } from "../../../offline/machines.ts";
import { Account } from "../aws/account.ts";
import { Stack } from "../fleet.ts";
import type { Change } from "../pulumi/provider.ts";
import { fleetInline } from "../pulumi/run.ts";
import type { Resource } from "../pulumi/state.ts";
import { type Properties, plain } from "../pulumi/wire.ts";
import { digest, sealedLike } from "./seal.ts";
import { USERS } from "./stacks.ts";

export interface Answer {
  token: string;
  args: Properties;
  result: Properties;
}

/** By machine and by what it gets: a file's path, or a part of its cloud-config or bundle. The values are digests. */
export type Files = Record<string, Record<string, string>>;

export interface ReleasedStack {
  stack: string;
  /** By full key, without the accounts. */
  config: Record<string, string>;
  /** What AWS answered, but for the account's own addresses: so that another answer of ours is no change of the program. */
  answers: Answer[];
  files: Files;
  /** Each after all that it depends on; secrets and user data are digests. */
  resources: Resource[];
}

/** What the state was made with: the provider's version decides on defaults and on what forces a new resource. */
export interface Versions {
  "@pulumi/aws": string;
  "@pulumi/pulumi": string;
}

export const FOLDER = import.meta.dirname;

/** Releases whose state is kept, the oldest first. */
export function releases(): string[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

export function stacksOf(release: string): string[] {
  return readdirSync(join(FOLDER, release))
    .flatMap((name) => /^(.+)\.json\.gz$/.exec(name)?.[1] ?? [])
    .sort();
}

export function versionsOf(release: string): Versions {
  return JSON.parse(readFileSync(join(FOLDER, release, "versions.json"), "utf8"));
}

/** This version's own. */
export function present(): { version: string; versions: Versions } {
  const { version, dependencies } = JSON.parse(readFileSync(join(FOLDER, "../../../package.json"), "utf8"));
  const { "@pulumi/aws": aws, "@pulumi/pulumi": sdk } = dependencies;
  return { version, versions: { "@pulumi/aws": aws, "@pulumi/pulumi": sdk } };
}

export function readStack(release: string, stack: string): ReleasedStack {
  return unpacked(readFileSync(join(FOLDER, release, `${stack}.json.gz`)));
}

/** @param file As record.ts packs it. */
export function unpacked(file: Uint8Array): ReleasedStack {
  return JSON.parse(gunzipSync(file).toString());
}

/** The stack as it stood then, under its config of then. */
export function standingOf({ stack, config, answers, resources }: ReleasedStack, run = fleetInline): Stack {
  const made = resources.filter(({ custom }) => custom);
  const account = new ReleasedAccount(config["aws:region"]!, answers);
  account.restore({
    standing: made.map(({ type, id, inputs, outputs }) => ({
      ...{ type, id },
      ...{ inputs: plain(inputs), outputs: plain(outputs) },
    })),
    // No number of then comes again.
    counts: made.map(({ type }) => [type, 100]),
  });
  const state = new Map(resources.map((resource) => [resource.urn, resource]));
  return Stack.of({ name: stack, config: { ...config, users: USERS }, run, account, state });
}

/** The account in which a released stack stands. */
class ReleasedAccount extends Account {
  private readonly answers: Map<string, Properties>;

  constructor(region: string, answers: Answer[]) {
    super(region);
    this.answers = new Map(answers.map(({ token, args, result }) => [question(token, args), result]));
  }

  override diff(type: string, olds: Properties, news: Properties): Change {
    return super.diff(type, olds, sealedLike(olds, news));
  }

  protected override answer(token: string, args: Properties): Properties {
    return this.answers.get(question(token, args)) ?? super.answer(token, args);
  }
}

/** The same for the same question. */
export function question(token: string, args: Properties): string {
  return JSON.stringify([token, inOrder(args)]);
}

/** A value with its keys in order, at any depth. */
export function inOrder(value: unknown): any {
  if (Array.isArray(value)) return value.map(inOrder);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, inOrder(each)]));
}

/** Digests of all that machines get. @param resources Whose user data is whole. */
export function filesOf(resources: Iterable<Resource>): Files {
  const open = [...resources].map(({ type, name, id, inputs, outputs }) => ({
    ...{ type, name, id, inputs: plain(inputs) as Properties, state: outputs },
  }));
  const machines = recordedMachines({ resources: open }).map(({ name, cloudConfig, bundle, files: laid }) => {
    const { write_files: _, ...config } = cloudConfig;
    const { files: __, ...parts } = bundle;
    const files = laid.map(({ path, ...file }) => [path, file] as const);
    const all = [...files, ...Object.entries(config), ...Object.entries(parts)];
    return [name, Object.fromEntries(all.map(([what, value]) => [what, digest(value).slice(0, 12)]))];
  });
  return Object.fromEntries(machines);
}
