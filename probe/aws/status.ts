/**
 * What a machine reports of itself (machines/<name>/status). Whoever has the machine has this text: no control character
 * of it reaches a terminal, and no more of it than a person reads.
 */
import { z } from "zod";

const LONGEST = 1000;

/** How an apply ends; `waits` also where it could not begin. */
export const RESULTS = ["applied", "waits", "refused", "rolled back", "failed"] as const;

const said = z.string().transform((text) => {
  const clean = text.replace(/\p{C}+/gu, " ");
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean;
});

const status = z.object({
  /** By the machine's own clock. */
  at: z.iso.datetime().transform((at) => new Date(at)),
  /** Of the bundle that counts for it, which is not the one that stands where that was refused or taken back. */
  version: said.optional(),
  /** None where nothing was applied since it booted. */
  result: z.enum(RESULTS).optional(),
  why: said.optional(),
  /** None where the program that applies bundles broke. */
  sessions: z.number().optional(),
  /** A line each: what, and for what. */
  waits: z.array(said).default([]),
  /** Files and units that were not as the last apply left them, of the last day. */
  drift: z.array(said).default([]),
  /** Version of the last bundle that was applied whole. */
  good: said.optional(),
});

export type Status = z.infer<typeof status>;

const desired = z.object({ version: said });

/** @returns undefined for what is no status. */
export function statusOf(text: string): Status | undefined {
  return read(status, text);
}

/** The version of the bundle that a machine is to have, as `machines/<name>/desired` says it. */
export function desiredOf(text: string): string | undefined {
  return read(desired, text)?.version;
}

function read<T>(form: z.ZodType<T>, text: string): T | undefined {
  try {
    return form.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
