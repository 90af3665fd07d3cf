import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makePlan } from "../../plan/plan.ts";
import { tunings } from "../../plan/tunings/tunings.ts";
import { renderServer } from "../../render/machine.ts";
import { why } from "../../render/why.ts";
import { givenFacts, givenSettings } from "../shared/given.ts";

const TEMPLATES = join(import.meta.dirname, "../../templates");

describe("the comment above a setting", () => {
  test.each([...tunings.keys()])(
    "for %s is comment lines of 120 characters at most, to the last word",
    (name) => {
      const { why: reason, own, costs } = tunings.get(name)!;
      for (const indent of ["", "\t\t"]) {
        const lines = why(name, indent).split("\n");
        expect(lines.filter((line) => line.length > 120 || !line.startsWith(`${indent}# `))).toEqual([]);
        const text = lines.map((line) => line.slice(indent.length + 2)).join(" ");
        expect(text).toBe(`${reason} Default: ${own}. Costs: ${costs}.`);
      }
    },
  );

  test("of a name that no tuning has is refused", () => {
    expect(() => why("kernel.rmemMaximum")).toThrow("no tuning is called kernel.rmemMaximum");
  });
});

describe("on a server", () => {
  const plan = makePlan(givenSettings(), givenFacts(), "dev");
  const {
    bundle: { files },
  } = renderServer(plan, plan.servers[0]!);

  test.each([
    ["/etc/ppp/ip-up.d/pptp-fleet", ["nic.txqueuelen"]],
    ["/etc/systemd/system/pptp-fleet-accounts.timer", ["fixed.accountsInterval", "fixed.accountsSpread"]],
  ])("%s says of its settings what docs/tunings.md says, each above its own", (path, names) => {
    const { content } = files.find((file) => file.path === path)!;
    for (const name of names) expect(content).toContain(`\n${why(name)}\n`);
  });
});

describe("in the templates", () => {
  const lines = globSync("**/*.hbs", { cwd: TEMPLATES }).flatMap((file) => {
    const text = readFileSync(join(TEMPLATES, file), "utf8").split("\n");
    return text.map((line, i) => ({ file, number: i + 1, line, next: text[i + 1] ?? "" }));
  });
  const whys = lines.filter(({ line }) => line.includes("{{why "));

  test("each why stands alone in its line, without what would indent it twice", () => {
    expect(whys.length).toBeGreaterThan(40);
    expect(whys.filter(({ line }) => !/^\{\{why "[\w.]+"( [1-9])?\}\}$/.test(line))).toEqual([]);
  });

  test("each why stands directly above a setting, or begins its file", () => {
    const apart = whys.filter(
      ({ number, next }) => number > 1 && (/^\s*(#|$)/.test(next) || /^\s*\{\{([#/]|else|why)/.test(next)),
    );
    expect(apart).toEqual([]);
  });
});
