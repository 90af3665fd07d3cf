/**
 * npm run lab -- [--lab NUMBER] MACHINE COMMAND [ARGUMENT …]: runs a command on a machine of the lab that
 * `script/start --keep` of this checkout left up (`client`, or a machine's name), and ends with its code. Needs root.
 *
 * `--lab` says which of several; without it they are listed. Another checkout's lab is never entered.
 */
import { spawnSync } from "node:child_process";
import { agents } from "./guest/places.ts";
import { chosen, labs } from "./host/labs.ts";

const INSIDE = "--inside";
const USAGE = "say a machine and a command: npm run lab -- client ip address";

const [first, ...rest] = process.argv.slice(2);
if (first === INSIDE) await inside(rest[0]!, rest.slice(1));
else process.exitCode = enter(process.argv.slice(2));

/** @returns the command's exit code. */
function enter(argv: string[]): number {
  const named = argv[0] === "--lab";
  const [machine, ...command] = named ? argv.slice(2) : argv;
  if (named && !/^[1-9][0-9]*$/.test(argv[1] ?? "")) return fail("--lab wants a lab's number");
  if (machine === undefined || machine.startsWith("-") || command.length === 0) return fail(USAGE);
  const lab = chosen(labs(), named ? Number(argv[1]) : undefined);
  if ("why" in lab) return fail(lab.why);
  const self = [process.execPath, import.meta.filename, INSIDE, machine, ...command];
  const { status } = spawnSync("nsenter", ["--target", `${lab.pid}`, "--mount", ...self], {
    stdio: "inherit",
  });
  return status ?? 1;
}

/** The sockets lie in a /run that only the lab's mount namespace has. */
async function inside(machine: string, command: string[]): Promise<void> {
  const all = agents();
  const agent = all[machine];
  if (!agent) {
    process.exitCode = fail(`no machine ${machine}; there are ${Object.keys(all).join(", ")}`);
    return;
  }
  const { code, stdout, stderr } = await agent.exec(["/usr/bin/env", ...command], { timeoutMs: 600_000 });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = code;
}

function fail(why: string): number {
  console.error(why);
  return 1;
}
