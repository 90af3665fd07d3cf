import { forms } from "../settings/aws-texts.ts";
import { fitted } from "./names.ts";

/** Tags of every resource that can have them: whose it is, and which machine's. */
export interface Owner {
  project: string;
  stack: string;
}

/** The machine that a resource belongs to, by its name in the plan. */
export type MachineTag = { server: string } | { gateway: string };

export function tags(owner: Owner, name: string, machine?: MachineTag): Record<string, string> {
  return {
    Name: fitted(forms.tagValue, `${owner.project}-${owner.stack}-${name}`),
    project: owner.project,
    stack: owner.stack,
    ...machine,
  };
}
