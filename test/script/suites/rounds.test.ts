/** What script/test runs for its options. Does not prove that the suites pass. */

import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { chosen } from "../../../script/suites/rounds.ts";
import { ROOT, type Suite } from "../../../script/suites/suites.ts";

/** Names, round by round, and in a round lane by lane. */
const names = (rounds: Suite[][][]) =>
  rounds.map((lanes) => lanes.map((lane) => lane.map(({ name }) => name)));
const last = (rounds: Suite[][][]) => rounds.at(-1)!.at(-1)!.at(-1)!;
const line = (suite: Suite) => suite.command(suite.files).join(" ");

/** The files that vitest takes for a suite, as script/test would call it. */
function taken(suite: Suite): string[] {
  const [vitest, , ...rest] = suite
    .command(suite.files)
    .slice(suite.command([]).findIndex((each) => /vitest\.mjs$/.test(each)));
  const options = rest.filter((each) => !/^--(reporter|silent)/.test(each));
  const listed = spawnSync(process.execPath, [vitest!, "list", "--filesOnly", "--json", ...options], {
    ...{ cwd: ROOT, encoding: "utf8" },
  });
  return JSON.parse(listed.stdout).map(({ file }: { file: string }) => relative(ROOT, file));
}

describe("a file by itself", () => {
  test.each([
    ["test/lab/stand-ins/vms/cloud.test.ts", [[["images"]], [["stand-ins"]]]],
    ["test/lab/stand-ins/vpc/gre.test.ts", [[["images"]], [["stand-ins"]]]],
    ["test/lab/emulated/nic.test.ts", [[["images"]], [["emulated"]]]],
    ["test/settings/ipv4.test.ts", [[["unit"]]]],
    ["test/scripts/scripts.lint.ts", [[["scripts"]]]],
  ])("%s is its suite's, with the images where it needs them", (file, expected) => {
    const rounds = chosen({ file: join(ROOT, file) });
    expect(names(rounds)).toEqual(expected);
    expect(last(rounds).files).toEqual([file]);
  });

  test("is all that vitest takes", () =>
    expect(taken(last(chosen({ file: "test/settings/ipv4.test.ts" })))).toEqual([
      "test/settings/ipv4.test.ts",
    ]));

  test("of the lab's runs inside of the lab's namespaces, and no other does", () => {
    expect(line(last(chosen({ file: "test/lab/vpc/idle.test.ts" })))).toMatch(
      /lab\/enter\.ts -- .*--project vpc /,
    );
    expect(line(last(chosen({ file: "test/settings/ipv4.test.ts" })))).not.toContain("enter.ts");
  });

  test.each(["test/shared/files.ts", "test/none.test.ts", "script/test.ts"])("%s is none", (file) =>
    expect(() => chosen({ file })).toThrow(`${file} is no file of tests`),
  );
});

describe("a suite by itself", () => {
  test("of the lab's comes after the images; any other needs nothing", () => {
    expect(names(chosen({ suite: "stand-ins" }))).toEqual([[["images"]], [["stand-ins"]]]);
    expect(names(chosen({ suite: "types" }))).toEqual([[["types"]]]);
  });

  test("that there is not is told with those that there are, and with the code for wrong usage", () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, "script/test.ts"), "--suite", "guest"],
      {
        encoding: "utf8",
      },
    );
    expect(status).toBe(64);
    expect(stderr.trim()).toBe(
      "there is no suite guest; there are lint, types, scripts, unit, images, first-boot, emulated, vpc, server, namespaces, change, stand-ins",
    );
  });
});

test("every file of tests is in one suite of the whole run", () => {
  const all = chosen({})
    .flat(2)
    .filter(({ counted }) => counted);
  const files = globSync(["test/**/*.test.ts", "test/**/*.lint.ts"], { cwd: ROOT });
  const suiteOf = (file: string) => last(chosen({ file })).name;
  expect(new Set(files.map(suiteOf))).toEqual(new Set(all.map(({ name }) => name)));
});
