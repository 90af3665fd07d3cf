/** The port of PPTP's control connection is written in its room, and everywhere else comes from there. */
import { describe, expect, test } from "vitest";
import { CONTROL } from "../../protocols/pptp/flows.ts";
import { projectFiles, read } from "../shared/files.ts";

/** Text about it, not read by a machine: no product, or what tests expect by themselves. */
const OTHERS = /^(test|docs|findings)\//;
const ROOM = "protocols/pptp/flows.ts";
const NUMBER = /\b(1723|1724|0x06?bb|06bb)\b/i;

const withoutComments = (text: string) =>
  text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[\s;{}(,])\/\/.*$/gm, "$1");
const withoutHashes = (text: string) => text.replace(/^\s*#.*$/gm, "");

/** Lines of a file with the number in them, comments left out. */
function found(path: string, text: string): string[] {
  const code = path.endsWith(".ts") ? withoutComments(text) : withoutHashes(text);
  return code
    .split("\n")
    .filter((line) => NUMBER.test(line))
    .map((line) => `${path}: ${line.trim()}`);
}

/** TypeScript of the product, and what machines get. */
const files = projectFiles().filter(
  (path) => !OTHERS.test(path) && (path.endsWith(".ts") || path.startsWith("templates/")),
);

test("the room has it, once", () => {
  expect(CONTROL.port).toBe(1723);
  expect(found(ROOM, read(ROOM))).toEqual([`${ROOM}: const PORT = 1723;`]);
});

test("no other file has it", () => {
  expect(files.length).toBeGreaterThan(200);
  const others = files.filter((path) => path !== ROOM);
  expect(others.flatMap((path) => found(path, read(path)))).toEqual([]);
});

describe("it is found", () => {
  test.each([
    ["a.ts", "const port = 1723;"],
    ["a.ts", '  texts: "nobody reaches TCP 1723", // why'],
    ["a.ts", "const url = `http://host:1723/`;"],
    ["templates/a/files/etc/nft.hbs", "\ttcp dport 1723 accept"],
    ["templates/a/files/sbin/tool", '\tcase "$state" in *:06BB\\ 0A) return 0 ;; esac'],
  ])("in %s: %s", (path, line) => {
    expect(found(path, line)).toHaveLength(1);
  });

  test.each([
    ["a.ts", "/** Where TCP 1723 is told of. */\nconst port = CONTROL.port; // 1723\n"],
    ["templates/a/files/etc/nft.hbs", "\t# Not from port 1723.\n"],
    ["a.ts", "const bytes = 11723;"],
  ])("and not in a comment or another number, in %s", (path, text) => {
    expect(found(path, text)).toEqual([]);
  });
});
