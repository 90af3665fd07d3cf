/** The account to dial with: from a file, or asked for. It is in no argument and in no environment variable. */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { type Account, account } from "../../settings/keys/accounts.ts";
import { Usage } from "./arguments.ts";

/**
 * One account as JSON, {name, password}, or a list of them, as `users` of the stack: then the first.
 *
 * @throws Usage that shows nothing of the file.
 */
function accountOf(text: string, file: string): Account {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Usage(`${file} is no JSON; it should hold {"name": "…", "password": "…"}`);
  }
  const { data } = account.safeParse(Array.isArray(json) ? json[0] : json);
  if (!data) throw new Usage(`${file} holds no account; it should hold {"name": "…", "password": "…"}`);
  return data;
}

export async function readAccount(file: string | undefined): Promise<Account> {
  if (file === undefined) return ask();
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Usage(`the account cannot be read: ${(error as Error).message}`);
  }
  return accountOf(text, file);
}

/** On the terminal; the password is not shown. */
async function ask(): Promise<Account> {
  if (!process.stdin.isTTY) throw new Usage("no terminal to ask for the account: --account FILE");
  let shown = true;
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (shown) process.stderr.write(chunk);
      done();
    },
  });
  const prompt = createInterface({ input: process.stdin, output, terminal: true });
  try {
    const name = await prompt.question("account's name: ");
    const password = prompt.question("password: ");
    shown = false;
    return { name, password: await password };
  } finally {
    prompt.close();
    process.stderr.write("\n");
  }
}
