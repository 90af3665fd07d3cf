/** Files of a machine from a tree that mirrors its root: `etc/pptpd.conf.hbs` in it becomes `/etc/pptpd.conf`. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import Handlebars from "handlebars";
import { memoizeLast } from "./memoize-last.ts";
import { why } from "./why.ts";

/** A file as it lies on the machine. */
export interface MachineFile {
  /** Absolute. */
  path: string;
  /** Octal: `0755` for what git knows as executable, else `0644`. */
  permissions: string;
  content: string;
}

const SUFFIX = ".hbs";

/** What ShellCheck alone reads (test/scripts/): of no use on a machine, and user data has little room. */
const DIRECTIVES = /^[ \t]*# shellcheck .*\n/gm;

// One environment: text as it is (no HTML), a name that the facts lack is an error, and no helper but our own.
const handlebars = Handlebars.create();
handlebars.registerHelper("list", (items: (string | number)[], separator: string) => items.join(separator));
// `{{why "kernel.rmemMax"}}`; in a file that indents, it stands at the line's beginning and says with how many tabs.
handlebars.registerHelper("why", (name: string, ...rest: unknown[]) =>
  why(name, typeof rest[0] === "number" ? "\t".repeat(rest[0]) : ""),
);
const options: CompileOptions = {
  noEscape: true,
  strict: true,
  knownHelpersOnly: true,
  knownHelpers: { list: true, why: true },
};

/** A file of a tree; its content waits for the facts. */
export type Template = Omit<MachineFile, "content"> & { content: Content };

/** What a template makes of a machine's facts. @throws Error naming it where it asks for something that they lack. */
export type Content = (facts: object) => string;

/** Renders every file under `tree`, sorted by path. */
export function renderOverlay(tree: string, facts: object): MachineFile[] {
  return readOverlay(tree).map((file) => ({ ...file, content: file.content(facts) }));
}

/**
 * Every file under `tree`, sorted by path; none where there is no such folder. Compiled, to be read once for all machines:
 * of a large fleet's time this was a fifth.
 */
export function readOverlay(tree: string): Template[] {
  if (!existsSync(tree)) return [];
  return readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFile(tree, join(entry.parentPath, entry.name)))
    .sort(byPath);
}

/** An order of files. */
export function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : 1;
}

function readFile(tree: string, file: string): Template {
  const script = (statSync(file).mode & 0o100) !== 0;
  const content = template(file);
  const laid = memoizeLast(script ? withoutInnerComments : (text: string) => text);
  return {
    path: `/${relative(tree, file)
      .split(sep)
      .join("/")
      .replace(/\.hbs$/, "")}`,
    permissions: script ? "0755" : "0644",
    content: (facts) => laid(content(facts)),
  };
}

function template(file: string): Content {
  const text = readFileSync(file, "utf8").replace(DIRECTIVES, "");
  if (!file.endsWith(SUFFIX)) return () => text;
  const compiled = handlebars.compile(text, options);
  return (facts) => {
    try {
      return compiled(facts);
    } catch (cause) {
      throw new Error(`${file}: ${(cause as Error).message}`, { cause });
    }
  };
}

/**
 * A script without its comments, but for those at its head: they are for who reads the repository, and took a tenth of
 * the 16 KB that user data may have. Settings keep theirs, as they are read on the machine.
 */
function withoutInnerComments(script: string): string {
  const head = /^(#.*\n)*/.exec(script)![0];
  return head + script.slice(head.length).replace(/^[ \t]*#.*\n/gm, "");
}
