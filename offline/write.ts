/** A recorded run as files: `resources.json`, `plan.json`, and each machine's user data, bundle and root. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { recordedMachines, recordedPlan } from "./machines.ts";
import type { ProgramRun } from "./program.ts";

/** Replaces what an earlier run of the stack left in `folder`; secrets are written as `[secret]`. */
export function writeRun(run: ProgramRun, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  write(join(folder, "resources.json"), json(shownResources(run)));
  write(join(folder, "plan.json"), json(recordedPlan(run)));
  for (const { name, userData, packed, files } of recordedMachines(run)) {
    write(join(folder, name, "user-data"), userData);
    write(join(folder, name, "bundle"), packed);
    for (const { path, permissions, content } of files) {
      write(join(folder, name, "root", path), content, Number.parseInt(permissions, 8));
    }
  }
}

/** What is written of each resource, in the order of their URNs. */
export function shownResources({ resources }: ProgramRun) {
  return resources.map(({ type, name, parent, shownInputs }) => ({
    type,
    name,
    parent,
    inputs: shownInputs,
  }));
}

function write(path: string, content: string | Buffer, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
