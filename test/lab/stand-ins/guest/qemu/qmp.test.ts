import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Monitor } from "../../../../../lab/guest/qemu/qmp.ts";

const GREETING = '{"QMP": {"version": {}, "capabilities": []}}\r\n';

let folder: string;
let server: Server;
let asked: string[];
/** What QEMU says to the command itself. */
let answer: (socket: Socket) => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "qmp-"));
  asked = [];
  server = createServer((socket) => {
    socket.write(GREETING);
    socket.on("data", (data) => {
      asked.push(data.toString().trim());
      if (asked.at(-1)!.includes("qmp_capabilities")) socket.write('{"return": {}}\r\n');
      else answer(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(join(folder, "monitor"), resolve));
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const monitor = () => new Monitor(join(folder, "monitor"));

test("a command is answered, in pieces and with events between", async () => {
  answer = (socket) => {
    socket.write('{"timestamp": {}, "event": "SUSPEND"}\r\n{"return": {"sta');
    setTimeout(() => socket.write('tus": "suspended"}}\r\n'), 20);
  };
  expect(await monitor().execute("query-status", { deep: true })).toEqual({ status: "suspended" });
  expect(asked).toEqual([
    '{"execute":"qmp_capabilities"}',
    '{"execute":"query-status","arguments":{"deep":true}}',
  ]);
});

test("a refusal is an error with QEMU's words", async () => {
  answer = (socket) => socket.write('{"error": {"class": "GenericError", "desc": "guest is awake"}}\r\n');
  await expect(monitor().execute("system_wakeup")).rejects.toThrow("QEMU, system_wakeup: guest is awake");
});

test("a QEMU that goes away is an error, and so is one that is not there", async () => {
  answer = (socket) => socket.destroy();
  await expect(monitor().execute("stop")).rejects.toThrow("QEMU, stop: it has gone");
  await expect(new Monitor(join(folder, "none")).execute("stop")).rejects.toThrow("ENOENT");
});

test("a line of the monitor's own gives what it prints", async () => {
  answer = (socket) => socket.write('{"return": "portl[0x0cfc] = 0x11111110\\r\\n"}\r\n');
  expect(await monitor().type("i /w 0xcfc")).toBe("portl[0x0cfc] = 0x11111110");
  expect(JSON.parse(asked[1]!).arguments).toEqual({ "command-line": "i /w 0xcfc" });
});
