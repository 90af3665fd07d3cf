import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Agent } from "../../../../lab/guest/agent.ts";

// A guest agent of a few lines: it answers by name, and keeps what it was asked.
let dir: string;
let server: Server;
let asked: { execute: string; arguments: Record<string, unknown> }[];
let answers: Record<string, unknown>;
let stale: string;
beforeEach(async () => {
  [dir, asked, answers, stale] = [mkdtempSync(join(tmpdir(), "agent-")), [], {}, ""];
  server = createServer((socket) => {
    socket.on("error", () => {});
    socket.write(stale);
    let bytes = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      const lines = bytes.toString("latin1").replace(/^\xff/, "").split("\n");
      if (lines.length < 3) return;
      const [sync, request] = lines.slice(0, 2).map((line) => JSON.parse(line));
      asked.push(request);
      socket.write(
        Buffer.concat([Buffer.of(0xff), Buffer.from(`${JSON.stringify({ return: sync.arguments.id })}\n`)]),
      );
      const answer = answers[request.execute];
      if (answer !== undefined) socket.write(`${JSON.stringify(answer)}\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(join(dir, "socket"), resolve));
});
afterEach(() => {
  server.close();
  rmSync(dir, { recursive: true });
});

const agent = () => new Agent(join(dir, "socket"));
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("the agent", () => {
  test("returns a program's code and output", async () => {
    answers["guest-exec"] = { return: { pid: 7 } };
    answers["guest-exec-status"] = { return: { exited: true, exitcode: 3, "out-data": base64("é\n") } };
    expect(await agent().exec(["ls", "-l"])).toEqual({ code: 3, stdout: "é\n", stderr: "" });
    expect(asked[0]?.arguments).toEqual({ path: "ls", arg: ["-l"], "capture-output": true });
  });

  test("names a program that a signal has ended by 128 and the signal", async () => {
    answers["guest-exec"] = { return: { pid: 7 } };
    answers["guest-exec-status"] = { return: { exited: true, signal: 9 } };
    expect((await agent().exec(["ls"])).code).toBe(137);
  });

  test("keeps a script out of argv and out of its error", async () => {
    answers["guest-exec"] = { return: { pid: 7 } };
    answers["guest-exec-status"] = {
      return: { exited: true, exitcode: 1, "err-data": base64("no such file") },
    };
    const error = await agent()
      .sh("password=hidden")
      .catch((error: Error) => error.message);
    expect(error).toContain("no such file");
    expect(error).not.toContain("hidden");
    expect(JSON.stringify(asked[0]?.arguments.arg)).not.toContain("hidden");
    expect(asked[0]?.arguments["input-data"]).toBe(base64("password=hidden"));
  });

  test("passes by what an earlier reader has left unread", async () => {
    stale = '{"return": {"half": ';
    answers["guest-ping"] = { return: {} };
    await expect(agent().ping()).resolves.toBeUndefined();
  });

  test("passes on its error", async () => {
    answers["guest-exec"] = { error: { class: "GenericError", desc: "Failed to execute child process" } };
    await expect(agent().exec(["nosuch"])).rejects.toThrow("Failed to execute child process");
  });

  test("that does not answer is an error in time", async () => {
    await expect(agent().ping(200)).rejects.toThrow("no answer");
  });
});
