/**
 * The lab's console into a guest: a client of the QEMU guest agent
 * (qemu.org/docs/master/interop/qemu-ga-ref.html) over the socket of its virtio serial port.
 *
 * Each request has a connection of its own: QEMU serves one at a time and the next waits, so several processes
 * can take turns, between the polls of a long command too.
 */

import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { alarm, now } from "../host/clock.ts";
import type { Outcome } from "../host/run.ts";

export interface ExecOptions {
  /** Goes to stdin. The place for a secret: argv is visible to every process of the guest. */
  input?: string | Buffer;
  /** Of time as the guest could use it (lab/host/clock.ts). @default 60 s */
  timeoutMs?: number;
}

/** One answer of the agent takes milliseconds; under emulation, while the guest is busy, seconds. */
const REQUEST_TIMEOUT_MS = 20_000;
/** A request of some KiB may never arrive whole (measured: 3,000 bytes of input did, 4,000 did not): larger ones go in pieces. */
const LARGEST_INPUT = 2_000;

/** Where in the guest an agent's commands run. */
export interface Place {
  /** What runs a command there: `ip netns exec NAME`, say. @default nothing: the guest itself */
  prefix?: string[];
  /** The network namespace it is, by name: units that such a command starts are not in it by themselves. */
  namespace?: string;
}

export class Agent {
  private readonly socket: string;
  readonly place: Place;

  constructor(socket: string, place: Place = {}) {
    this.socket = socket;
    this.place = place;
  }

  /** Its place's network namespace, where it has one. */
  get namespace(): string | undefined {
    return this.place.namespace;
  }

  /** The same guest's agent with its commands elsewhere. */
  at(place: Place): Agent {
    return new Agent(this.socket, place);
  }

  /** Resolves when the agent answers. @throws Error when it does not within `timeoutMs` (default 5 s). */
  async ping(timeoutMs = 5_000): Promise<void> {
    await this.request("guest-ping", {}, timeoutMs);
  }

  /** The guest's clock, as `Date.now()` counts it. No process is started for it. */
  async clock(): Promise<number> {
    return (await this.request<number>("guest-get-time", {})) / 1e6;
  }

  /** Runs a program as root and waits for it. It does not throw for a program that fails: the code says so. */
  exec(argv: string[], options: ExecOptions = {}): Promise<Outcome> {
    return this.execInGuest([...(this.place.prefix ?? []), ...argv], options);
  }

  private async execInGuest(
    argv: string[],
    { input, timeoutMs = 60_000 }: ExecOptions = {},
  ): Promise<Outcome> {
    if (input !== undefined && Buffer.byteLength(input) > LARGEST_INPUT)
      return this.execWithFile(argv, Buffer.from(input), { timeoutMs });
    const [path, ...arg] = argv;
    const stdin = input === undefined ? {} : { "input-data": Buffer.from(input).toString("base64") };
    const { pid } = await this.request<{ pid: number }>("guest-exec", {
      ...{ path, arg, "capture-output": true },
      ...stdin,
    });
    const end = now() + timeoutMs;
    for (let pause = 20; ; pause = Math.min(pause * 1.5, 500)) {
      const status = await this.request<ExecStatus>("guest-exec-status", { pid });
      if (status.exited) {
        const text = (data = "") => Buffer.from(data, "base64").toString();
        const code = status.exitcode ?? 128 + (status.signal ?? 0);
        return { code, stdout: text(status["out-data"]), stderr: text(status["err-data"]) };
      }
      if (now() > end) {
        await this.request("guest-exec", { path: "/bin/kill", arg: ["-KILL", `${pid}`] }).catch(() => {});
        throw new Error(`in the guest, ${path} did not end within ${timeoutMs / 1000} s`);
      }
      await sleep(pause);
    }
  }

  /** The same with `input` in a file that root alone can reach, written piece by piece. */
  private async execWithFile(argv: string[], input: Buffer, options: ExecOptions): Promise<Outcome> {
    const path = `/root/.input-${Math.random().toString(36).slice(2)}`;
    const handle = await this.request<number>("guest-file-open", { path, mode: "w" });
    for (let at = 0; at < input.length; at += LARGEST_INPUT) {
      const piece = input.subarray(at, at + LARGEST_INPUT).toString("base64");
      await this.request("guest-file-write", { handle, "buf-b64": piece });
    }
    await this.request("guest-file-close", { handle });
    return this.execInGuest(
      ["/bin/bash", "-c", `exec 0<${path}; rm ${path}; exec "$@"`, "-", ...argv],
      options,
    );
  }

  /**
   * Runs a bash script, which reaches the guest by stdin: nothing of it stands in argv.
   *
   * @returns what it prints to stdout.
   * @throws Error with what it prints to stderr, where its code is not 0. The script is not part of the text.
   */
  async sh(script: string, options: Omit<ExecOptions, "input"> = {}): Promise<string> {
    // Bash reads it without a fork, which is most of what a short script costs its machine.
    const read = 'script=$(</dev/stdin) && eval "$script" </dev/null';
    const { code, stdout, stderr } = await this.exec(["/bin/bash", "-c", read], {
      ...options,
      input: script,
    });
    if (code !== 0) throw new Error(`a script in the guest failed with code ${code}:\n${stderr || stdout}`);
    return stdout;
  }

  /**
   * One request over a connection of its own.
   *
   * The connection may find the rest of an answer whose reader has gone, and the agent half a request: the
   * 0xff byte resets the agent's parser, and what comes before the 0xff of its own answer is dropped.
   */
  private async request<T = unknown>(
    execute: string,
    args: object,
    timeoutMs = REQUEST_TIMEOUT_MS,
  ): Promise<T> {
    const end = now() + timeoutMs;
    for (;;) {
      try {
        return await this.attempt<T>(execute, args, end - now());
      } catch (error) {
        // One connection is served and one waits: any more are turned away, and come back.
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN" || now() > end) throw error;
        await sleep(20);
      }
    }
  }

  private attempt<T>(execute: string, args: object, timeoutMs: number): Promise<T> {
    const id = Math.floor(Math.random() * 2 ** 31);
    const sync = { execute: "guest-sync-delimited", arguments: { id } };
    return new Promise((resolve, reject) => {
      const socket = connect(this.socket);
      const fail = (why: string, code?: string) => {
        quiet();
        socket.destroy();
        reject(Object.assign(new Error(`guest agent, ${execute}: ${why}`), { code }));
      };
      const quiet = alarm(timeoutMs, () => fail(`no answer within ${Math.round(timeoutMs / 1000)} s`));
      let bytes = Buffer.alloc(0);
      socket.on("connect", () => {
        socket.write(Buffer.concat([Buffer.of(0xff), Buffer.from(`${JSON.stringify(sync)}\n`)]));
        socket.write(`${JSON.stringify({ execute, arguments: args })}\n`);
      });
      socket.on("data", (chunk) => {
        bytes = Buffer.concat([bytes, chunk]);
        const answers = bytes.subarray(bytes.lastIndexOf(0xff) + 1).toString();
        const [synced, answer] = answers.split("\n");
        if (answers.split("\n").length < 3 || JSON.parse(synced!).return !== id) return;
        quiet();
        socket.destroy();
        const { error, return: result } = JSON.parse(answer!);
        if (error) reject(new Error(`guest agent, ${execute}: ${error.desc}`));
        else resolve(result);
      });
      socket.on("error", (error: NodeJS.ErrnoException) => fail(error.message, error.code));
      socket.on("close", () => fail("the guest has gone"));
    });
  }
}

interface ExecStatus {
  exited: boolean;
  exitcode?: number;
  signal?: number;
  "out-data"?: string;
  "err-data"?: string;
}
