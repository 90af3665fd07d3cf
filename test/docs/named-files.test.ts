/** Files that pages and comments name are there: one that has moved is named by its place of before, and misleads. */
import { describe, expect, test } from "vitest";
import { projectFiles, read } from "../shared/files.ts";

const files = projectFiles();

/** With or without folders before it, and not part of a longer path, a URL or an expression. */
const NAMED = /(?<![\w./<${-])[\w/-]*[\w-]+(?:\.test|\.lint)?\.(?:ts|sh|py|hbs)\b(?![\w(])/g;

/** Other projects' files, and a name that stands for any. */
const OTHERS = new Set(["DataSourceEc2.py", "findings/NAME.sh"]);

/** Of a page all lines, of a source its comments'. CHANGELOG.md is about what was. */
function prose(path: string): string[] {
  const lines = read(path).split("\n");
  return path.endsWith(".md") ? lines : lines.filter((line) => /^\s*(\/?\*|\/\/|#)/.test(line));
}

/** The files that a line names and that are nowhere. */
function missing(line: string): string[] {
  const names = line.replace(/https?:\S+/g, "").match(NAMED) ?? [];
  return names.filter(
    (name) => !OTHERS.has(name) && !files.some((file) => file === name || file.endsWith(`/${name}`)),
  );
}

test("every page and every comment names files that are there", () => {
  const written = files.filter((path) => /\.(ts|sh|py|hbs|ya?ml|md)$/.test(path) && path !== "CHANGELOG.md");
  expect(written.length).toBeGreaterThan(500);
  const wrong = written.flatMap((path) =>
    prose(path)
      .flatMap(missing)
      .map((name) => `${path}: ${name}`),
  );
  expect(wrong).toEqual([]);
});

describe("of the files that a line names", () => {
  test.each([
    ["lab/host/clock.ts, clock.ts and host/clock.ts", []],
    ["lab/clock.ts", ["lab/clock.ts"]],
    ["`no-such.test.ts` then boots", ["no-such.test.ts"]],
    ["an agent.sh(script), and https://example.com/no-such.py", []],
  ])("%s: missing are %j", (line, expected) => expect(missing(line)).toEqual(expected));
});
