/**
 * The supervisor of the command that `enter.ts` runs inside: prepares the namespaces, waits until the uplink is there,
 * runs the command. File descriptor 3 is the channel: `go` starts the command, a signal's name is sent to it, its end
 * ends everything.
 */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { constants } from "node:os";
import { dirname } from "node:path";

const RESOLV_CONF = "/etc/resolv.conf";
const UPLINK_DNS = "198.19.254.3";

/** A /run of our own, which goes with the namespace, and the uplink's name server in resolv.conf. */
function prepare(): void {
  // Looked up first: with systemd-resolved the file lies in the /run that is about to be covered.
  const resolvConf = existsSync(RESOLV_CONF) ? realpathSync(RESOLV_CONF) : undefined;
  execFileSync("mount", ["-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"]);
  mkdirSync("/run/netns");
  mkdirSync("/run/lock");
  const ours = "/run/resolv.conf";
  writeFileSync(ours, `nameserver ${UPLINK_DNS}\n`);
  if (resolvConf?.startsWith("/run/")) {
    mkdirSync(dirname(resolvConf), { recursive: true });
    writeFileSync(resolvConf, `nameserver ${UPLINK_DNS}\n`);
  } else if (resolvConf) execFileSync("mount", ["--bind", ours, resolvConf]);
  execFileSync("ip", ["link", "set", "lo", "up"]);
}

function start(command: string[]): ChildProcess {
  const child = spawn(command[0]!, command.slice(1), { stdio: ["inherit", "inherit", "inherit"] });
  child.once("error", (error) => {
    console.error(`cannot start ${command[0]}: ${error.message}`);
    process.exit(127);
  });
  child.once("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal!]));
  return child;
}

prepare();
const channel = new Socket({ fd: 3, readable: true, writable: true });
let child: ChildProcess | undefined;
let pending = "";
channel.on("error", () => process.exit(1));
channel.on("close", () => process.exit(1));
channel.on("data", (bytes) => {
  const lines = `${pending}${bytes}`.split("\n");
  pending = lines.pop()!;
  for (const line of lines) {
    if (line === "go") child = start(process.argv.slice(2));
    else if (child) child.kill(line as NodeJS.Signals);
    else process.exit(128 + constants.signals[line as NodeJS.Signals]);
  }
});
channel.write("ready\n");
