/** From the parts of a machine to its files, its packages and what its first boot begins with. */
import { join } from "node:path";
import type { FleetPlan } from "../plan/plan.ts";
import { type BootCommand, type Part, partsOn, unitNames } from "../templates/part.ts";
import { byPath, type MachineFile, readOverlay, type Template } from "./overlay.ts";

/** What the parts that a machine has come to. */
export interface Assembled {
  /** Sorted by path. */
  files: MachineFile[];
  /** Debian's, each once, in the order in which the parts name them. */
  packages: string[];
  bootCommands: BootCommand[];
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
    const units = unitNames(there);
    const files = there.flatMap((part) => {
      const facts = part.facts?.({ fleet, machine, units }) ?? {};
      return templates.get(part)!.map(({ path, permissions, content }) => ({
        path,
        permissions,
        content: content(facts),
      }));
    });
    return {
      files: distinct(files.sort(byPath)),
      packages: [...new Set(there.flatMap((part) => part.packages?.(fleet) ?? []))],
      bootCommands: there.flatMap(({ bootCommands = [] }) => bootCommands),
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
function distinct(files: MachineFile[]): MachineFile[] {
  const twice = files.find(({ path }, i) => path === files[i + 1]?.path);
  if (twice !== undefined) throw new Error(`two parts of a machine have ${twice.path}`);
  return files;
}
