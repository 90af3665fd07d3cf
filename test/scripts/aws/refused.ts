/** All that AWS is known to refuse of a stack, by its models and by its prose. */
import type { RecordedResource } from "../../../offline/program.ts";
import { textProblems } from "../../../policy/resources/texts.ts";
import { calls } from "./calls/calls.ts";
import { type Models, problems } from "./models.ts";
import { type Physical, physical } from "./physical.ts";
import { proseProblems } from "./prose.ts";

/** By resource, as `type name: problem`; empty: nothing. */
export function refused(
  models: Models,
  resources: RecordedResource[],
  defaultTags?: Record<string, string>,
): string[] {
  return physical(resources, defaultTags).flatMap((resource) =>
    problemsOf(models, resource).map(
      (problem) => `${resource.type.split(":").at(-1)} ${resource.name}: ${problem}`,
    ),
  );
}

function problemsOf(models: Models, resource: Physical): string[] {
  return [...byModels(models, resource), ...textProblems(resource.type, resource.inputs)];
}

/** Without what stands in prose about texts. */
export function byModels(models: Models, { type, id, inputs }: Physical): string[] {
  const row = calls[type];
  if (row === undefined) return ["nobody said which calls make it"];
  const read = new Set<string>();
  const made = row.calls(watched(inputs, read), id);
  // Reads what is handed on as it is.
  const plain = made.map((call) => ({ ...call, input: JSON.parse(JSON.stringify(call.input)) }));
  return [
    ...plain.flatMap((call) => [...problems(models, call), ...proseProblems(call)]),
    ...leaves(inputs)
      .filter((leaf) => !read.has(leaf) && !(row.providersOwn ?? []).some((own) => leaf.startsWith(own)))
      .map((leaf) => `its input ${leaf} goes to no call`),
  ];
}

/** The same value, which notes each leaf that is read, by its path. */
function watched<T extends object>(value: T, read: Set<string>, at = ""): T {
  return new Proxy(value, {
    get(target, key, receiver) {
      const found = Reflect.get(target, key, receiver);
      if (typeof key === "symbol" || !Object.hasOwn(target, key) || key === "length") return found;
      const path = pathOf(target, at, key);
      if (found !== null && typeof found === "object") return watched(found, read, path);
      read.add(path);
      return found;
    },
  });
}

function leaves(value: any, at = ""): string[] {
  if (value === null || typeof value !== "object") return [at];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, pathOf(value, at, key)));
}

function pathOf(of: object, at: string, key: string): string {
  return Array.isArray(of) ? `${at}[${key}]` : [at, key].filter((part) => part !== "").join(".");
}
