/** QEMU's own console: a client of the QEMU Machine Protocol (qemu.org/docs/master/interop/qmp-spec.html). */

import { connect } from "node:net";
import { alarm } from "../../host/clock.ts";

/** An answer takes milliseconds; QEMU answers between two stretches of the guest's work. */
const TIMEOUT_MS = 60_000;

export class Monitor {
  readonly socket: string;

  constructor(socket: string) {
    this.socket = socket;
  }

  /** One command over a connection of its own. @throws Error with QEMU's words where it refuses. */
  execute<T = unknown>(command: string, args: object = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.socket);
      const end = (then: () => void) => {
        quiet();
        socket.destroy();
        then();
      };
      const fail = (why: string) => end(() => reject(new Error(`QEMU, ${command}: ${why}`)));
      const quiet = alarm(TIMEOUT_MS, () => fail(`no answer within ${TIMEOUT_MS / 1000} s`));
      // The greeting, the answer to the capabilities, the command's: events come between.
      const expected = ["QMP", "return", "return"];
      socket.on("error", (error) => fail(error.message));
      socket.on("close", () => fail("it has gone"));
      const take = (line: string) => {
        const answer = JSON.parse(line);
        if (answer.error) return fail(answer.error.desc);
        if (!(expected[0]! in answer)) return;
        expected.shift();
        if (expected.length === 2) socket.write('{"execute":"qmp_capabilities"}\n');
        else if (expected.length === 1)
          socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
        else end(() => resolve(answer.return));
      };
      let rest = "";
      socket.setEncoding("utf8").on("data", (text: string) => {
        const lines = (rest + text).split("\n");
        rest = lines.pop()!;
        lines.forEach(take);
      });
    });
  }

  /** A line as a person would type it at QEMU's monitor, for what the protocol has no command. */
  async type(line: string): Promise<string> {
    return (await this.execute<string>("human-monitor-command", { "command-line": line })).trim();
  }
}
