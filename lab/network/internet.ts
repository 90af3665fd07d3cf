/** The internet side of the lab: commands in the network namespace `internet`, and its hosts' services. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import type { Server } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type Daemon, run } from "../host/run.ts";
import { startService } from "../host/service.ts";
import { INTERNET } from "./topology.ts";

/** Ports of the far host that answer iperf3: what a server's groups usually let out. */
const THROUGHPUT_PORTS = [443, 80] as const;

/** `argv`, run in the namespace `internet`. */
export function inInternet(argv: string[]): string[] {
  return ["ip", "netns", "exec", INTERNET.namespace, ...argv];
}

/** Whether something in `internet` listens on TCP `address:port`. */
export async function listens(address: string, port: number): Promise<boolean> {
  const [command, ...args] = inInternet(["ss", "-Hlnt", `src ${address}:${port}`]);
  return (await run(command!, args)).stdout.trim() !== "";
}

/**
 * A TCP socket that listens in `internet`, for a server of this process: one of another's makes it and hands it over.
 *
 * @throws Error where the address is taken, or is nobody's there.
 */
export async function listenInInternet(address: string, port: number): Promise<Server> {
  const script = `const server = require("node:net").createServer().listen(${port}, "${address}", () => process.send("listens", server));
process.on("disconnect", () => process.exit());`;
  const [command, ...args] = inInternet([process.execPath, "--eval", script]);
  const child = spawn(command!, args, {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: { PATH: process.env.PATH },
  });
  const said = text(child.stderr!);
  const ended = once(child, "exit");
  const handed = new Promise<Server>((resolve) =>
    child.once("message", (_, server) => resolve(server as Server)),
  );
  const server = await Promise.race([
    handed,
    ended.then(async () => {
      throw new Error(`nothing listens on ${address}:${port} in ${INTERNET.namespace}: ${await said}`);
    }),
  ]);
  child.disconnect();
  await ended;
  return server;
}

/** An iperf3 server on each of `THROUGHPUT_PORTS` of `INTERNET.host`; each serves one measurement at a time. */
export async function startThroughputServers(runDir: string): Promise<Daemon[]> {
  return await Promise.all(
    THROUGHPUT_PORTS.map((port) =>
      startService({
        name: `iperf3 on port ${port}`,
        argv: inInternet(["iperf3", "--server", "--bind", INTERNET.host, "--port", `${port}`]),
        log: join(runDir, `iperf3-${port}.log`),
        ready: () => listens(INTERNET.host, port),
      }),
    ),
  );
}

/**
 * A flat archive without a package, the least that apt takes for one: machines of the tools image have theirs already, and none
 * asks a Debian mirror.
 */
export async function startPackages(runDir: string): Promise<Daemon> {
  const folder = join(runDir, "packages");
  mkdirSync(folder);
  writeFileSync(join(folder, "Packages"), "");
  writeFileSync(
    join(folder, "Release"),
    `Origin: lab
Label: lab
Suite: lab
Codename: lab
Date: Thu, 01 Jan 2026 00:00:00 UTC
SHA256:
 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 0 Packages
`,
  );
  return startService({
    name: "the archive of packages",
    argv: inInternet([
      "python3",
      "-m",
      "http.server",
      "80",
      "--bind",
      INTERNET.packages,
      "--directory",
      folder,
    ]),
    log: join(runDir, "packages.log"),
    ready: () => listens(INTERNET.packages, 80),
  });
}
