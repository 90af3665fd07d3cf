/**
 * npm run updates -- --stack prod [--write] [--json]
 *
 * Which versions of Debian packages a stack's config has, and which Debian has now; with --write config gets the newest, and
 * the next `pulumi up` brings them to the machines. Exit code 0 when Debian has answered.
 */
import { join } from "node:path";
import { cli } from "./updates/cli.ts";

// What the program warns of is for whoever changes the stack.
console.warn = () => {};

process.exitCode = await cli(process.argv.slice(2), {
  folder: join(import.meta.dirname, ".."),
  out: (text) => console.log(text),
  error: (text) => console.error(text),
  now: new Date(),
});
