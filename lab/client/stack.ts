/** A stack's program as the lab runs it: from the stack's file, with an account of the lab's own. */
import { randomBytes } from "node:crypto";
import { type ProgramRun, runProgram } from "../../offline/program.ts";
import { stackInput } from "../../offline/stack.ts";
import type { Account } from "../../settings/keys/accounts.ts";

/** A password with all that chap-secrets gives a meaning to, so that every dial proves how it is written there. */
export function labAccount(): Account {
  return { name: "lab client", password: `${randomBytes(18).toString("base64")} "#\\'$` };
}

/** The stack as its file says, with `account` in place of its own: in this process, never in argv. */
export function programRun(stack: string, config: string[], account: Account): Promise<ProgramRun> {
  return runProgram(stackInput(stack, [...config, `users=${JSON.stringify([account])}`]));
}
