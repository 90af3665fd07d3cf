/** The users' workflow as data. */
import { parse } from "yaml";
import { projectFiles, read } from "../shared/files.ts";

export const text = read("docs/ci/pulumi.yml");

/** Every workflow that there is, wherever it lies: YAML with jobs. */
export const workflows: { path: string; text: string }[] = projectFiles()
  .filter((path) => /\.ya?ml$/.test(path))
  .map((path) => ({ path, text: read(path) }))
  .filter(({ text }) => /^jobs:/m.test(text));

export interface Job {
  if?: string;
  needs?: string;
  environment?: string;
  permissions: Record<string, string>;
  strategy?: { matrix: { stack: string[] } };
  steps: Step[];
}

export interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

export const workflow: { permissions: object; jobs: Record<"check" | "preview" | "deploy", Job> } =
  parse(text);
export const jobs: Job[] = Object.values(workflow.jobs);
export const steps: Step[] = jobs.flatMap((job) => job.steps);

/** A job's steps of an action, each with its place in the job. */
export function using(job: Job, action: string): { at: number; with: Record<string, unknown> }[] {
  return job.steps.flatMap((step, at) =>
    step.uses?.startsWith(`${action}@`) ? [{ at, with: step.with ?? {} }] : [],
  );
}
