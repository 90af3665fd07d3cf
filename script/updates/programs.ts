/** Programs of the machine that this runs on. */
import { spawnSync } from "node:child_process";

export interface Ended {
  status: number;
  stdout: Buffer;
  stderr: string;
}

/** Runs a program to its end; undefined where there is no such program. */
export type Run = (argv: string[], input: string | Buffer) => Ended | undefined;

/** Debian's largest index has some 60 MB. */
const MOST_OUTPUT = 1 << 28;

export const runHere: Run = ([command, ...args], input) => {
  const { error, status, stdout, stderr } = spawnSync(command!, args, {
    ...{ input, maxBuffer: MOST_OUTPUT, env: { ...process.env, LC_ALL: "C" } },
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") return undefined;
  // A program that refuses its input before it has read it all has a status to say so.
  if (error && status === null) throw error;
  return { status: status ?? 1, stdout, stderr: stderr.toString() };
};
