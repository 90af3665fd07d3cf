/** `npm run probe` as a person runs it: exit codes, lines, and where the password goes. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { cli } from "../../../probe/cli/cli.ts";
import { COUNTERS } from "../../../probe/legs/gateway.ts";
import type { DialingMachine } from "../../../probe/machines/dialing-machine.ts";
import { thisMachine } from "../../../probe/machines/this-machine.ts";
import { type Behaviour, type FakeServer, fakeServer } from "../fake-server.ts";
import { type Path, pathMachine } from "../machines/path-machine.ts";

const folder = mkdtempSync(join(tmpdir(), "probe-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));
const PASSWORD = 'the "pass" word';
const file = join(folder, "account.json");
writeFileSync(file, JSON.stringify([{ name: "meter-17", password: PASSWORD }]));

let server: FakeServer;
afterEach(() => server?.stop());

const UP = `Using interface ppp0
sent [LCP ConfReq id=0x1 <magic 0x1>]
rcvd [LCP ConfReq id=0x1 <mru 1460> <auth chap MS-v2>]
sent [LCP ConfAck id=0x1 <mru 1460> <auth chap MS-v2>]
rcvd [LCP ConfAck id=0x1 <magic 0x1>]
rcvd [CHAP Success id=0xd2 "S=5D5AB625232A64ACA1AE8434A196D5F3A165782B"]
MPPE 128-bit stateless compression enabled
local  IP address 10.64.0.2
remote IP address 10.64.0.1`;
const CALL = "probe-x log[x]: Outgoing call established (call ID 1, peer's call ID 2048).";
const GOOD: Path = { mtu: 1456, passes: 1456, pppd: UP, pptp: CALL };

/** Runs it against a fake server, on a machine of that path. */
async function run(
  path: Path,
  behaviour: Behaviour = {},
  options: string[] = [],
  ran: Parameters<typeof pathMachine>[1] = [],
) {
  server = await fakeServer(behaviour);
  return runWith(pathMachine(path, ran), [server.address, "--account", file, ...options]);
}

async function runWith(machine: DialingMachine, argv: string[]) {
  const lines: string[] = [];
  const errors: string[] = [];
  // A backstop: nobody here leaves anything without an answer.
  const times = { answerMs: 1_800_000, dialMs: 1_800_000 };
  const code = await cli(argv, {
    machine,
    out: (line) => lines.push(line),
    error: (line) => errors.push(line),
    times,
  });
  return { code, text: lines.join("\n"), errors: errors.join("\n") };
}

describe("a sound fleet", () => {
  test("exit 0, a line for each leg with its time, and nothing to look for", async () => {
    const { code, text } = await run(GOOD);
    const legs = text.split("\n").filter((line) => /^ok {7}/.test(line));
    expect([code, legs.length]).toEqual([0, 12]);
    expect(legs.every((line) => /\d+\.\d\d s/.test(line))).toBe(true);
    expect(text.split("\n").slice(12)).toEqual(["", "All legs are ok."]);
  });

  test("the tunnel is taken down, with no default route while it was up", async () => {
    const ran: { argv: string[]; input?: string | undefined }[] = [];
    await run(GOOD, {}, [], ran);
    expect(ran.at(-1)!.argv.join(" ")).toContain("kill -TERM");
    expect(ran.find(({ input }) => input)!.input).toMatch(/^nodefaultroute$/m);
  });

  test("the password is in no argument and in no output, and pppd gets it whole by stdin", async () => {
    const ran: { argv: string[]; input?: string | undefined }[] = [];
    const { text } = await run(GOOD, {}, ["--json"], ran);
    const shown = [text, ...ran.flatMap(({ argv }) => argv)].join("\n");
    expect(shown).not.toMatch(/pass\\*" word/);
    expect(ran.filter(({ input }) => input?.includes('password "the \\"pass\\" word"'))).toHaveLength(1);
  });

  test("--json for machines: the same, as one document", async () => {
    const { code, text } = await run(GOOD, {}, ["--json"]);
    const report = JSON.parse(text);
    expect([code, report.ok, report.legs.length, report.causes]).toEqual([0, true, 12, []]);
    expect(report.log).not.toContain("5D5AB625");
  });
});

describe("a leg that fails: exit 1, its name, the causes, and the rest skipped", () => {
  test.each<[string, Path, Behaviour, string, RegExp]>([
    ["a call", GOOD, { call: { result: 4, error: 0 } }, "call", /result 4 \(busy\)/],
    ["GRE", { ...GOOD, pppd: "Using interface ppp0", running: false }, {}, "GRE back", /protocol 47/],
    [
      "a password",
      {
        ...GOOD,
        running: false,
        pppd: `${UP.slice(0, UP.indexOf("rcvd [CHAP"))}MS-CHAP authentication failed: Access denied`,
      },
      {},
      "authentication",
      /did not accept name and password; MS-CHAP authentication failed: Access denied/,
    ],
    ["a ping", { ...GOOD, passes: 0 }, {}, "inner ping", /answers none/],
    ["a narrow path", { ...GOOD, passes: 1300 }, {}, "largest packet", /1300 bytes \(1337 on the path\)/],
    [
      "a machine without pppd",
      { ...GOOD, lacks: "pppd: apt install ppp\n" },
      {},
      "GRE out",
      /lacks pppd: apt install ppp/,
    ],
  ])("%s", async (_what, path, behaviour, leg, words) => {
    const { code, text } = await run(path, behaviour);
    expect(code).toBe(1);
    expect(text).toContain(`It fails at ${leg}.`);
    expect(text).toMatch(words);
    expect(text).toMatch(/the likeliest first:\n {2}1\. /);
    const states = text
      .split("\n")
      .slice(0, 12)
      .map((line) => line.split(" ")[0]);
    expect(states.slice(states.indexOf("failed") + 1).every((state) => state === "skipped")).toBe(true);
  });

  test("what pppd logs after it has ended is no tunnel", async () => {
    const { code, text } = await run({ ...GOOD, running: false });
    expect([code, text.includes("skipped  inner ping")]).toEqual([1, true]);
  });

  test("a name without an address", async () => {
    const { code, text } = await runWith(thisMachine(), ["no-such-name.invalid", "--account", file]);
    expect([code, text.split("\n")[0]!.slice(0, 15)]).toEqual([1, "failed   name  "]);
  });
});

test("an interrupted dial takes its tunnel down, and ends with 1", async () => {
  server = await fakeServer();
  const ran: { argv: string[] }[] = [];
  const ended = new AbortController();
  const machine = pathMachine({ ...GOOD, pppd: "Using interface ppp0" }, ran);
  const runAsRoot: DialingMachine["run"] = async (argv, options) => {
    const outcome = await machine.runAsRoot(argv, options);
    if (argv.join(" ").includes("setsid")) ended.abort(new Error("ended by SIGINT"));
    return outcome;
  };
  const errors: string[] = [];
  const code = await cli([server.address, "--account", file], {
    ...{ machine: { ...machine, runAsRoot }, out: () => {}, error: (line) => errors.push(line) },
    signal: ended.signal,
  });
  expect([code, errors]).toEqual([1, ["ended by SIGINT"]]);
  expect(ran.at(-1)!.argv.join(" ")).toContain("kill -TERM");
});

describe("the process itself", () => {
  const main = join(import.meta.dirname, "../../../probe/main.ts");
  const node = async (argv: string[]) => {
    // Its default is a minute, which a busy machine may take to start the process.
    const options = { timeoutMs: 1_800_000 };
    const { code, stdout, stderr } = await thisMachine().run([process.execPath, main, ...argv], options);
    return { code, stdout, stderr };
  };

  test("--help: 0; no address: 2", async () => {
    expect(await node(["--help"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("--gateway SSH"),
    });
    expect(await node([])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("say what to dial"),
    });
  });

  test("a busy server: 1", async () => {
    server = await fakeServer({ call: { result: 4, error: 0 } });
    expect(await node([server.address, "--account", file])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("It fails at call."),
    });
  });
});

describe("the gateway's counters", () => {
  const gateway = (readings: number[]): DialingMachine => {
    const machine = pathMachine(GOOD);
    const run: DialingMachine["run"] = async (argv, options) => {
      if (argv[0] !== "ssh") return machine.run(argv, options);
      const packets = readings.shift()!;
      const nftables = COUNTERS.map((name) => ({
        counter: { name, packets: /past|no_server|not/.test(name) ? 0 : packets },
      }));
      return { code: 0, stdout: JSON.stringify({ nftables }), stderr: "" };
    };
    return { ...machine, run };
  };

  test("settle what nobody has seen on AWS", async () => {
    server = await fakeServer();
    const argv = [server.address, "--account", file, "--gateway", "admin@198.51.100.7"];
    const { code, text } = await runWith(gateway([0, 5, 5, 40]), argv);
    expect(code).toBe(0);
    expect(text).toMatch(/up to the call: tcp_in \+5, tcp_out \+5/);
    expect(text).toMatch(/default route to the gateway: seen/);
    expect(text).toMatch(/return through the balancer.*: seen/);
    expect(text).toMatch(/GRE passes the gateway both ways/);
  });
});

describe("nothing is tried: exit 2, the reason and the usage", () => {
  const accountFile = (text: string) => {
    const path = join(folder, "wrong.json");
    writeFileSync(path, text);
    return path;
  };

  test.each<[string, string[], RegExp]>([
    ["no address", [], /say what to dial/],
    ["two addresses", ["198.51.100.1", "198.51.100.2"], /one address/],
    ["an address that is an option of others", ["a b"], /neither an IPv4 address nor a name/],
    ["an unknown option", ["198.51.100.1", "--fast"], /--fast/],
    ["another strength", ["198.51.100.1", "--mppe", "56"], /128, 40 or none/],
    ["--stack without --aws", ["198.51.100.1", "--stack", "prod"], /--stack says something about --aws/],
    ["an option in place of a gateway", ["198.51.100.1", "--gateway=-oProxyCommand=x"], /destination of ssh/],
    ["no terminal and no file", ["198.51.100.1"], /--account FILE/],
    ["a file that is not there", ["198.51.100.1", "--account", "/nonexistent"], /cannot be read/],
    ["a file that is no JSON", ["198.51.100.1", "--account", accountFile("s3cret")], /is no JSON/],
  ])("%s", async (_what, argv, words) => {
    const { code, text, errors } = await runWith(pathMachine(GOOD), argv);
    expect([code, text]).toEqual([2, ""]);
    expect(errors).toMatch(words);
    expect(errors).toContain("npm run probe -- ADDRESS");
  });

  test("a file that holds no account shows nothing of it", async () => {
    const path = accountFile('{"name": "x", "pass": "s3cret"}');
    const { code, errors } = await runWith(pathMachine(GOOD), ["198.51.100.1", "--account", path]);
    expect([code, errors.includes("s3cret")]).toEqual([2, false]);
  });
});
