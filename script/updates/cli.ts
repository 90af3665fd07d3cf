/** The command, apart from the process that it runs in: arguments in, lines and an exit code out. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { recordedMachines, recordedPlan } from "../../offline/machines.ts";
import { runProgram } from "../../offline/program.ts";
import { stackInput } from "../../offline/stack.ts";
import { readArchive } from "./archive.ts";
import { readArguments, USAGE, Usage } from "./arguments.ts";
import { type Run, runHere } from "./programs.ts";
import { updatesText } from "./show.ts";
import { verify } from "./signature.ts";
import { withVersions } from "./stack-file.ts";
import { DEBIAN, lookedUp, updatesOf, versionsToWrite } from "./updates.ts";

export interface Surroundings {
  /** Where the stacks' files are. */
  folder: string;
  out(text: string): void;
  error(text: string): void;
  now: Date;
  /** @default the programs of this machine */
  run?: Run;
}

/** @returns 0 when Debian has answered, 1 when not, 2 when nothing was asked. */
export async function cli(argv: string[], surroundings: Surroundings): Promise<number> {
  const { out, error } = surroundings;
  if (argv.includes("--help")) {
    out(USAGE);
    return 0;
  }
  try {
    await look(argv, surroundings);
    return 0;
  } catch (failure) {
    const usage = failure instanceof Usage;
    const words = (failure as Error).message;
    error(usage ? `${words}\n\n${USAGE}` : words);
    return usage ? 2 : 1;
  }
}

async function look(argv: string[], { folder, out, now, run = runHere }: Surroundings): Promise<void> {
  const { stack, mirror: url, keyring, json, write } = readArguments(argv);
  const program = await runProgram(stackInput(stack, [], folder));
  const { fleet } = recordedPlan(program);
  const bundles = recordedMachines(program).map(({ bundle }) => bundle);
  const architecture = DEBIAN[fleet.architecture];
  const looked = lookedUp(bundles, architecture, fleet.packageVersions);
  const archive = await readArchive(
    { url, now, run, verify: (text) => signatureOf(text, keyring, run) },
    architecture,
    new Set(looked.map(({ name }) => name)),
  );
  const updates = updatesOf(looked, fleet.packageVersions, archive);
  const file = join(folder, `Pulumi.${stack}.yaml`);
  const written = write && put(file, versionsToWrite(updates));
  if (json) out(JSON.stringify({ stack, architecture, suites: archive.suites, updates, written }, null, 2));
  else out(updatesText(stack, updates, archive));
  if (write && !json) out(written ? `written to ${file}` : `${file} says so already`);
}

/** A keyring that is not there is one that nobody has looked with. */
function signatureOf(text: string, keyring: string, run: Run) {
  return existsSync(keyring) ? verify(text, keyring, run) : { unchecked: `there is no ${keyring}` };
}

/** @returns whether the file says something else now. */
function put(file: string, versions: Record<string, string>): boolean {
  const before = readFileSync(file, "utf8");
  const after = withVersions(before, versions);
  if (after !== before) writeFileSync(file, after);
  return after !== before;
}
