/**
 * The files of a machine, from the tree that mirrors its root: `templates/server/etc/pptpd.conf.hbs` becomes
 * `/etc/pptpd.conf`. The tree is the list; there is no other.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import Handlebars from "handlebars";
import { remembered } from "./remembered.ts";
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

/** A tree that has been read: what it makes of a machine's facts. */
export type Overlay = (facts: object) => MachineFile[];

/**
 * Renders every file under `tree`, sorted by path.
 *
 * @throws Error naming the template where it asks for something that `facts` lacks.
 */
export function renderOverlay(tree: string, facts: object): MachineFile[] {
  return readOverlay(tree)(facts);
}

/** Reads and compiles the tree once for all machines: of a large fleet's time this was a fifth. */
export function readOverlay(tree: string): Overlay {
  const files = readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFile(tree, join(entry.parentPath, entry.name)))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return (facts) =>
    files.map(({ path, permissions, content }) => ({ path, permissions, content: content(facts) }));
}

/** A file of the tree; its content waits for the facts. */
function readFile(tree: string, file: string): Omit<MachineFile, "content"> & { content: Content } {
  const script = (statSync(file).mode & 0o100) !== 0;
  const content = template(file);
  const laid = remembered(script ? withoutInnerComments : (text: string) => text);
  return {
    path: `/${relative(tree, file)
      .split(sep)
      .join("/")
      .replace(/\.hbs$/, "")}`,
    permissions: script ? "0755" : "0644",
    content: (facts) => laid(content(facts)),
  };
}

type Content = (facts: object) => string;

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
