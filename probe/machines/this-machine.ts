/** The machine that the probe itself runs on. */
import { spawn } from "node:child_process";
import { connect as dialTcp } from "node:net";
import {
  Closed,
  type DialingMachine,
  NoConnection,
  type Outcome,
  type Reason,
  type Run,
  type RunOptions,
  Silent,
  type Wire,
} from "./dialing-machine.ts";

/** What needs root goes by sudo, where we are not root; sudo has asked for its password before (probe/main.ts). */
export function thisMachine(): DialingMachine {
  const runAsRoot: Run = (argv, options) =>
    runHere(process.getuid?.() === 0 ? argv : ["sudo", "-n", "--", ...argv], options);
  return { run: runHere, runAsRoot, connect: connectHere };
}

async function runHere(
  argv: string[],
  { input = "", timeoutMs = 60_000 }: RunOptions = {},
): Promise<Outcome> {
  const [command = "", ...args] = argv;
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: "pipe", timeout: timeoutMs, killSignal: "SIGKILL" });
    const text = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (chunk: string) => {
        text[name] += chunk;
      });
    child.stdin.on("error", () => {}); // it ended without reading all: its code says why
    child.stdin.end(input);
    child.once("error", (error) =>
      resolve({ code: 127, stdout: "", stderr: `${command}: ${error.message}` }),
    );
    child.once("close", (code) => resolve({ code: code ?? 137, ...text }));
  });
}

const REASONS: Record<string, Reason> = {
  ECONNREFUSED: "refused",
  ETIMEDOUT: "silent",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
};

async function connectHere(address: string, port: number, timeoutMs: number): Promise<Wire> {
  const socket = dialTcp({ host: address, port });
  const arrivals = new Arrivals();
  socket.on("data", (bytes) => arrivals.add(bytes));
  socket.on("end", () => arrivals.add(new Closed("the server ended the connection")));
  socket.on("error", (error) => arrivals.add(new Closed(`the connection broke: ${error.message}`)));
  await new Promise<void>((resolve, reject) => {
    const give = (reason: Reason, message: string) => {
      socket.destroy();
      reject(new NoConnection(reason, message));
    };
    const timer = setTimeout(() => give("silent", `no answer within ${timeoutMs / 1000} s`), timeoutMs);
    socket.once("connect", resolve);
    socket.once("error", (error: NodeJS.ErrnoException) =>
      give(REASONS[error.code ?? ""] ?? "other", error.message),
    );
    socket.once("connect", () => clearTimeout(timer)).once("error", () => clearTimeout(timer));
  });
  return {
    send: async (bytes) => void socket.write(bytes),
    receive: (ms) => arrivals.next(ms),
    close: async () => socket.destroySoon(),
  };
}

/** What a connection brings, until somebody asks for it. An end stays: a connection ends once. */
class Arrivals {
  private readonly waiting: (Buffer | Error)[] = [];
  private wake = () => {};

  add(what: Buffer | Error): void {
    this.waiting.push(what);
    this.wake();
  }

  /** @throws Silent, and Closed at the end. */
  async next(timeoutMs: number): Promise<Buffer> {
    if (this.waiting.length === 0)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    const [first] = this.waiting;
    if (first === undefined) throw new Silent(`nothing came within ${timeoutMs / 1000} s`);
    if (first instanceof Error) throw first;
    this.waiting.shift();
    return first;
  }
}
