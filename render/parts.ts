/** From the parts of a machine to what its bundle and its user data say. */
import { join } from "node:path";
import type { FleetPlan } from "../plan/plan.ts";
import { type Once, type Part, partsOn, type UnitNames, unitNames } from "../templates/part.ts";
import type { BundleFile } from "./bundle.ts";
import { byPath, readOverlay, type Template } from "./overlay.ts";

/** What the parts that a machine has come to. Lists are in the parts' order, each entry once. */
export interface Assembled {
  /** Sorted by path. */
  files: BundleFile[];
  /** Debian's. */
  packages: string[];
  units: UnitNames;
  masks: string[];
  purges: string[];
  before: Once[];
  bootCommands: Once[];
}

/** Parts that have been read: what they make of one machine. @throws Error for a file that two of its parts have. */
export type Parts<M> = (fleet: FleetPlan, machine: M) => Assembled;

/**
 * Reads the parts once for all machines.
 *
 * @throws Error naming a file that `part.ts` says nothing of, or that its folder lacks.
 */
export function readParts<M>(parts: Part<M>[]): Parts<M> {
  const templates = new Map(parts.map((part) => [part, templatesOf(part)]));
  return (fleet, machine) => {
    const there = partsOn(parts, fleet);
    const all = <T>(of: (part: Part<M>) => T[] | undefined) => [
      ...new Set(there.flatMap((part) => of(part) ?? [])),
    ];
    const files = there.flatMap((part) => {
      const facts = part.facts?.({ fleet, machine }) ?? {};
      return templates.get(part)!.map(
        ({ path, permissions, content }): BundleFile => ({
          path,
          permissions,
          content: content(facts),
          effect: part.files[path]!,
          ...(part.apart ? { apart: true } : {}),
        }),
      );
    });
    return {
      files: distinct(files.sort(byPath)),
      packages: all((part) => part.packages?.(fleet)),
      units: unitNames(there),
      masks: all(({ masks }) => masks),
      purges: all(({ purges }) => purges),
      before: all(({ before }) => before),
      bootCommands: all(({ bootCommands }) => bootCommands),
    };
  };
}

function templatesOf<M>({ name, folder, files }: Part<M>): Template[] {
  const templates = readOverlay(join(folder, "files"));
  const unsaid = templates.filter(({ path }) => !(path in files)).map(({ path }) => path);
  const lacking = Object.keys(files).filter((path) => templates.every((each) => each.path !== path));
  if (unsaid.length + lacking.length === 0) return templates;
  const faults = [
    ...unsaid.map((path) => `part.ts does not say what a change of ${path} needs`),
    ...lacking.map((path) => `files/ has no ${path}`),
  ];
  throw new Error(`part ${name}: ${faults.join("; ")}`);
}

/** The same files, in order of their paths. */
function distinct(files: BundleFile[]): BundleFile[] {
  const twice = files.find(({ path }, i) => path === files[i + 1]?.path);
  if (twice !== undefined) throw new Error(`two parts of a machine have ${twice.path}`);
  return files;
}
