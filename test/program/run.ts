/** The real program (index.ts) on the example account, with a few settings changed. */
import {
  PROJECT,
  type ProgramInput,
  type ProgramRun,
  type RecordedResource,
  runProgram,
} from "../../offline/program.ts";

/** Keys without namespace; values as a person writes them. */
export type Config = Record<string, unknown>;

export const ACCOUNT = { name: "plc-seven", password: "correct horse battery" };

export function run(
  config: Config = {},
  options: { stack?: string; secret?: string[]; preview?: boolean } = {},
): Promise<ProgramRun> {
  const given: Config = { allowedCidrs: ["198.51.100.0/24"], users: [ACCOUNT], ...config };
  const entries = Object.entries(given).map(([key, value]) => [
    key.includes(":") ? key : `pptp-fleet:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return runProgram({
    stack: options.stack ?? "dev",
    config: { "aws:region": "eu-west-1", ...Object.fromEntries(entries) },
    secretKeys: (options.secret ?? ["users"]).map((key) => `pptp-fleet:${key}`),
    preview: options.preview ?? false,
  });
}

/** The same stack of a project with another name. */
export function ofProject(input: ProgramInput, project: string): ProgramInput {
  const renamed = (key: string) =>
    key.startsWith(`${PROJECT}:`) ? `${project}${key.slice(PROJECT.length)}` : key;
  return {
    ...input,
    project,
    config: Object.fromEntries(Object.entries(input.config).map(([key, value]) => [renamed(key), value])),
    secretKeys: input.secretKeys.map(renamed),
  };
}

/** The one resource of a type with this name. */
export function one({ resources }: ProgramRun, type: string, name: string): RecordedResource {
  const found = resources.filter((resource) => resource.type.endsWith(`:${type}`) && resource.name === name);
  if (found.length !== 1) throw new Error(`${found.length} of ${type} ${name}`);
  return found[0]!;
}

export function all({ resources }: ProgramRun, type: string): RecordedResource[] {
  return resources.filter((resource) => resource.type.endsWith(`:${type}`));
}
