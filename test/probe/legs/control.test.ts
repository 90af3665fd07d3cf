/** The legs up to the call against a server that fails in each way, by a socket of our own and through commands. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, test } from "vitest";
import { type ControlOptions, callIdWords, controlLegs, positionOf } from "../../../probe/legs/control.ts";
import type { Evidence } from "../../../probe/legs/evidence.ts";
import { Log } from "../../../probe/legs/legs.ts";
import { type DialingMachine, Silent } from "../../../probe/machines/dialing-machine.ts";
import { thisMachine } from "../../../probe/machines/this-machine.ts";
import { machineThrough } from "../../../probe/machines/through.ts";
import { type Behaviour, type FakeServer, fakeServer } from "../fake-server.ts";

let server: FakeServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** For those who never answer. */
const SHORT_MS = 400;
/** For those who do, however long it takes: a backstop, each command of a connection may wait for a core. */
const PATIENT_MS = 1_800_000;

/** Waits as long as it is told to where the server keeps silent, and until there is an answer where it will give one. */
function patient(machine: DialingMachine, server: FakeServer): DialingMachine {
  return {
    ...machine,
    async connect(address, port) {
      const wire = await machine.connect(address, port, PATIENT_MS);
      const receive = async (ms: number): Promise<Buffer> => {
        const { silent } = server;
        try {
          return await wire.receive(silent ? ms : SHORT_MS);
        } catch (error) {
          if (error instanceof Silent && !silent) return receive(ms);
          throw error;
        }
      };
      return { ...wire, receive };
    },
  };
}

async function legs(options: Omit<ControlOptions, "answerMs">, answerMs = PATIENT_MS) {
  const log = new Log();
  const evidence: Evidence = { grown: {} };
  const called = await controlLegs({ ...options, answerMs }, log, evidence);
  return { called, evidence, results: log.results.map(({ leg, state, detail }) => [leg, state, detail]) };
}

/** A port whose queue is full: the kernel drops further SYNs, as a firewall would. */
async function deaf(): Promise<{ port: number; stop(): void }> {
  const fill = `import socket, sys
listener = socket.socket(); listener.bind(("127.0.0.1", 0)); listener.listen(0)
clients = [socket.socket() for _ in range(4)]
for client in clients:
    client.setblocking(False); client.connect_ex(listener.getsockname())
print(listener.getsockname()[1], flush=True); sys.stdin.read()`;
  const holder = spawn("python3", ["-c", fill], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(holder.stdout, "data");
  return { port: Number(line), stop: () => holder.kill() };
}

const MACHINES = {
  "by a socket": thisMachine(),
  "through commands": machineThrough(thisMachine().run),
};

describe.each(Object.entries(MACHINES))("%s", (_how, machine) => {
  async function against(behaviour: Behaviour) {
    server = await fakeServer(behaviour);
    const silent = behaviour.start === "silent" || behaviour.call === "silent";
    const { address, port } = server;
    return legs({ machine: patient(machine, server), address, port }, silent ? SHORT_MS : PATIENT_MS);
  }

  test("a server that answers: a call, its ID, and a polite end", async () => {
    const { called, evidence, results } = await against({});
    expect(called).toBe(true);
    expect(evidence).toEqual({ serverCallId: 2048, grown: {} });
    expect(results).toEqual([
      ["tcp", "ok", expect.any(String)],
      ["control", "ok", 'host "local", vendor "linux"'],
      ["call", "ok", "the server's call ID is 2048: position 2 of its zone"],
    ]);
    // Start, call, clear, stop (RFC 2637, 2): the server is left as it was.
    expect(server!.heard).toEqual([1, 7, 12, 3]);
    // The call that is cleared is the one that was asked for.
    expect(server!.messages[2]!.readUInt16BE(12)).toBe(server!.messages[1]!.readUInt16BE(12));
  });

  test("answers that come in pieces, after an echo that wants its answer", async () => {
    const { called } = await against({ inPieces: true, echo: true });
    expect(called).toBe(true);
    expect(server!.heard.toSorted((a, b) => a - b)).toEqual([1, 3, 6, 7, 12]);
    const echoed = server!.messages.find((message) => message.readUInt16BE(8) === 6)!;
    expect(echoed.readUInt32BE(12)).toBe(0xbadcafe);
  });

  test("a connection that the server drops before its first answer: another, and no more than three", async () => {
    const { called, results } = await against({ drops: 2 });
    expect(called).toBe(true);
    expect(results[1]).toEqual(["control", "ok", expect.stringContaining("at attempt 3")]);
    await server!.stop();
    const { results: full } = await against({ drops: 3 });
    expect(full[1]).toEqual(["control", "failed", expect.stringMatching(/, 3 times$/)]);
    expect(server!.heard).toEqual([1, 1, 1]);
  });

  test("nothing listens", async () => {
    const { address, port, stop } = await fakeServer();
    await stop();
    const { evidence, results } = await legs({ machine, address, port });
    expect(evidence.tcp).toBe("refused");
    expect(results).toEqual([["tcp", "failed", expect.stringContaining("refused")]]);
  });

  test("nobody answers", async () => {
    const { port, stop } = await deaf();
    const { evidence, results } = await legs({ machine, address: "127.0.0.1", port }, SHORT_MS);
    stop();
    expect(evidence.tcp).toBe("silent");
    expect(results).toEqual([["tcp", "failed", "no answer within 0.4 s"]]);
  });

  test.each<[string, Behaviour, Evidence["control"], RegExp]>([
    ["silence", { start: "silent" }, { how: "silent" }, /no Start-Control-Connection-Reply within 0.4 s/],
    ["an end", { start: "closes" }, { how: "closed" }, /ended the connection before/],
    ["another protocol", { start: "http" }, { how: "not PPTP" }, /magic cookie: "HTTP\/1\.1 400/],
    [
      "a refusal",
      { start: { result: 2, error: 4 } },
      { how: "refused", result: 2, error: 4 },
      /general error.*no resource/,
    ],
  ])("%s in place of a control connection", async (_what, behaviour, how, words) => {
    const { called, evidence, results } = await against(behaviour);
    expect([called, evidence.control]).toEqual([false, how]);
    expect(results[1]).toEqual(["control", "failed", expect.stringMatching(words)]);
    expect(results).toHaveLength(2);
  });

  test.each<[string, Behaviour, Evidence["call"], RegExp]>([
    ["silence", { call: "silent" }, { how: "silent" }, /no Outgoing-Call-Reply within 0.4 s/],
    ["an end", { call: "closes" }, { how: "closed" }, /ended the connection before/],
    ["a busy server", { call: { result: 4, error: 0 } }, { how: "refused", result: 4, error: 0 }, /busy/],
    [
      "a prohibition",
      { call: { result: 7, error: 0 } },
      { how: "refused", result: 7, error: 0 },
      /administratively prohibited/,
    ],
  ])("%s in place of a call", async (_what, behaviour, how, words) => {
    const { called, evidence, results } = await against(behaviour);
    expect([called, evidence.call]).toEqual([false, how]);
    expect(results[2]).toEqual(["call", "failed", expect.stringMatching(words)]);
  });
});

describe("a server's call ID names its position", () => {
  test.each([
    [1023, undefined],
    [1024, 1],
    [2047, 1],
    [2048, 2],
    [62 * 1024 + 1023, 62],
    [63 * 1024, undefined],
    [128, undefined],
    [0, undefined],
  ])("%i: %s", (callId, position) => {
    expect(positionOf(callId)).toBe(position);
  });

  test("stock pptpd's are of no range, and the leg says so", () => {
    expect(callIdWords(128)).toContain("no server's range");
  });
});
