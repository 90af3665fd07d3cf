/** The accounts that may dial in, and what pppd and Secrets Manager allow of them. */
import { z } from "zod";
import { type Refusal, refusalsOf } from "./refusal.ts";

/** Bytes in a Secrets Manager secret (its quotas page). */
const SECRET_BYTES = 65_536;
/** pppd's MAXNAMELEN and MAXSECRETLEN are 256 with the end of the string. */
const LONGEST = 255;

const PRINTABLE = /^[\x20-\x7e]*$/;

function judgeName(name: string): Refusal | undefined {
  if (name.length === 0 || name.length > LONGEST || !PRINTABLE.test(name)) return {};
  // In chap-secrets this word stands for everybody, quoted or not.
  return name === "*" ? { allowed: "a name; to pppd * means any client" } : undefined;
}

function judgePassword(password: string): Refusal | undefined {
  if (password.length === 0 || password.length > LONGEST || !PRINTABLE.test(password)) return {};
  // scan_authfile in pppd's auth.c: such a secret is read from the file of that name, quoted or not.
  return password.startsWith("@/")
    ? { allowed: "a password that does not begin with @/, which pppd takes for a file to read it from" }
    : undefined;
}

/** One account. Spaces, quotes, backslashes and # are fine in both: the machine quotes them. */
export const account = z.strictObject({
  /** 1 to 255 printable ASCII characters. */
  name: z.string().check(refusalsOf(judgeName)),
  /** 1 to 255 printable ASCII characters. */
  password: z.string().check(refusalsOf(judgePassword)),
});

/** A client's name and password, as text. */
export type Account = z.output<typeof account>;

/** The document that the accounts travel in: what Secrets Manager keeps and a server reads. */
export function accountsDocument(users: Account[]): string {
  return JSON.stringify({ users: users.map(({ name, password }) => ({ name, password })) });
}

/** Refuses a name that occurred before: pppd would take the first account and never say so. */
export function judgeNames(users: Account[]): Refusal[] {
  const seen = new Set<string>();
  return users.flatMap(({ name }, index) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ allowed: "each name once", fix: "take one of the two accounts out", path: [index, "name"] }];
  });
}

/** Refuses more accounts than one secret holds, and says how many fit. */
export function judgeSize(users: Account[]): Refusal | undefined {
  let bytes = Buffer.byteLength(accountsDocument([]));
  let fit = 0;
  for (const user of users) {
    bytes +=
      Buffer.byteLength(accountsDocument([user])) -
      Buffer.byteLength(accountsDocument([])) +
      (fit > 0 ? 1 : 0);
    if (bytes > SECRET_BYTES) {
      return {
        allowed: `${SECRET_BYTES} bytes as JSON, the size of a Secrets Manager secret: the first ${fit} of these ${users.length} accounts fit`,
        fix: `at most ${fit} such accounts in a stack, the others in another one, or shorter names and passwords`,
      };
    }
    fit++;
  }
  return undefined;
}
