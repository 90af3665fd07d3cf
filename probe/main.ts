/**
 * npm run probe -- ADDRESS [OPTION …]
 *
 * Dials a fleet step by step from this Linux machine, names the leg that fails and what usually causes it
 * (docs/probe.md). Exit code 0 only if all legs are ok.
 */
import { spawnSync } from "node:child_process";
import { cli } from "./cli/cli.ts";
import { thisMachine } from "./machines/this-machine.ts";

/** sudo asks for its password here, on the terminal: what runs later must not ask. */
function prepare(): void {
  if (process.getuid?.() !== 0 && process.stdin.isTTY) spawnSync("sudo", ["-v"], { stdio: "inherit" });
}

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => interrupted.abort(new Error(`ended by ${signal}; no tunnel is left`)));

process.exitCode = await cli(process.argv.slice(2), {
  machine: thisMachine(),
  out: (text) => console.log(text),
  error: (text) => console.error(text),
  signal: interrupted.signal,
  prepare,
});
