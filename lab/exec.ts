/**
 * npm run lab -- MACHINE COMMAND [ARGUMENT …]: runs a command on a machine of the lab that `script/start --keep`
 * left up (`client`, or a machine's name), and ends with its code. Needs root.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { agents } from "./places.ts";

const [machine, ...command] = process.argv.slice(2);
const INSIDE = "--inside";

if (machine === INSIDE) await inside(command[0]!, command.slice(1));
else if (machine === undefined || command.length === 0)
  fail("say a machine and a command: npm run lab -- client ip address");
else
  process.exitCode =
    spawnSync(
      "nsenter",
      ["--target", gate(), "--mount", process.execPath, import.meta.filename, INSIDE, machine, ...command],
      { stdio: "inherit" },
    ).status ?? 1;

/** The sockets lie in a /run that only the lab's mount namespace has. */
async function inside(machine: string, command: string[]): Promise<void> {
  const all = agents();
  const agent = all[machine];
  if (!agent) return fail(`no machine ${machine}; there are ${Object.keys(all).join(", ")}`);
  const { code, stdout, stderr } = await agent.exec(["/usr/bin/env", ...command], { timeoutMs: 600_000 });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = code;
}

/** The lab's first process, as this side of its namespaces numbers it. */
function gate(): string {
  try {
    return execFileSync("pgrep", ["--newest", "--full", "lab/gate.ts"], { encoding: "utf8" }).trim();
  } catch {
    return fail("no lab is up: script/start --keep brings one up");
  }
}

function fail(why: string): never {
  console.error(why);
  process.exit(1);
}
