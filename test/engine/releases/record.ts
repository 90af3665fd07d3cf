/**
 * npm run record-release: writes the state of the example stacks as this program leaves it into `<package.json's version>/`.
 * What is written depends on neither machine nor date.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "fflate";
import { elasticIpNumber } from "../../../offline/program.ts";
import { Account } from "../aws/account.ts";
import { table } from "../aws/table.ts";
import { Stack } from "../fleet.ts";
import type { Runner } from "../pulumi/engine.ts";
import { fleetInline } from "../pulumi/run.ts";
import type { Resource, State } from "../pulumi/state.ts";
import type { Properties } from "../pulumi/wire.ts";
import { type Answer, FOLDER, filesOf, inOrder, present, question, type ReleasedStack } from "./release.ts";
import { sealed } from "./seal.ts";
import { examples, USERS } from "./stacks.ts";

/** A stack after its first `up`. */
export async function recorded(
  name: string,
  config: Record<string, string>,
  run: Runner = fleetInline,
): Promise<ReleasedStack> {
  const account = new RecordingAccount(config["aws:region"]!);
  const given = { name, config: { ...config, users: USERS }, run, account, state: new Map() };
  const stack = Stack.of(given);
  const { refusals } = await stack.up();
  if (refusals.length > 0) throw new Error(`${name} does not come up: ${refusals.join("; ")}`);
  return {
    ...{ stack: name, config },
    answers: [...account.answers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, answer]) => answer),
    files: filesOf(stack.state.values()),
    resources: inTurn(stack.state).map(kept),
  };
}

/** As a file. */
export function packed(stack: ReleasedStack): Uint8Array {
  return gzipSync(new TextEncoder().encode(JSON.stringify(inOrder(stack))), { level: 9, mtime: 0 });
}

function kept(resource: Resource): Resource {
  const { dependencies, propertyDependencies, inputs, outputs } = resource;
  const comeFrom = Object.entries(propertyDependencies).map(([key, urns]) => [key, urns.toSorted()]);
  return {
    ...resource,
    ...{ inputs: sealed(inputs), outputs: sealed(outputs) },
    ...{ dependencies: dependencies.toSorted(), propertyDependencies: Object.fromEntries(comeFrom) },
  };
}

/** Each after all that it needs, else by URN: the order of registration is another with each run. */
function inTurn(state: State): Resource[] {
  const left = [...state.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1));
  const done = new Set<string>();
  const turn: Resource[] = [];
  while (left.length > 0) {
    const next = left.findIndex((each) => needs(each).every((urn) => done.has(urn) || !state.has(urn)));
    const [resource] = left.splice(next, 1);
    done.add(resource!.urn);
    turn.push(resource!);
  }
  return turn;
}

function needs({ parent, dependencies, propertyDependencies }: Resource): string[] {
  return [parent, ...dependencies, ...Object.values(propertyDependencies).flat()];
}

/** Numbers by name, not by turn; and what was asked of AWS. */
class RecordingAccount extends Account {
  readonly answers = new Map<string, Answer>();

  protected override numberOf(type: string, name: string): number {
    return elasticIpNumber(type, name) ?? 1;
  }

  protected override answer(token: string, args: Properties): Properties {
    const result = super.answer(token, args);
    this.answers.set(question(token, args), { token, args, result });
    return result;
  }
}

async function record(): Promise<void> {
  const { version, versions } = present();
  if (isTagged(version))
    throw new Error(
      `${version} is released, and its state stays as it was then: give package.json the next version first`,
    );
  const stacks: ReleasedStack[] = [];
  for (const [name, config] of Object.entries(examples)) stacks.push(await recorded(name, config));
  const made = new Set(stacks.flatMap(({ resources }) => resources.map(({ type }) => type)));
  const missing = Object.keys(table).filter((type) => !made.has(type));
  if (missing.length > 0) throw new Error(`no stack of releases/stacks.ts makes ${missing.join(", ")}`);
  const folder = join(FOLDER, version);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(join(folder, "versions.json"), `${JSON.stringify(versions, null, 2)}\n`);
  for (const stack of stacks) writeFileSync(join(folder, `${stack.stack}.json.gz`), packed(stack));
}

function isTagged(version: string): boolean {
  const tags = execFileSync("git", ["tag", "--list", version, `v${version}`], {
    cwd: FOLDER,
    encoding: "utf8",
  });
  return tags !== "";
}

if (import.meta.main) await record();
