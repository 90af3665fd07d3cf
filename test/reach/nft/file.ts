/** The tables of a file for `nft -f`, as Debian's nft and our templates write it. Throws at any line of another form. */
import type { Range } from "../networks.ts";
import type { Step, Verdict } from "./packet.ts";
import type { Element } from "./statements.ts";

export interface Chain {
  rules: string[];
  /** Read at the first packet: chains that no question leads through may say what statements.ts does not know. */
  steps?: Step[][];
  hook?: string;
  priority: number;
  policy: Verdict;
}

export interface Table {
  family: string;
  chains: Map<string, Chain>;
  sets: Map<string, Element[]>;
}

/** Debian's names: netfilter's priorities of the families ip and inet. */
const PRIORITIES: Record<string, number> = { raw: -300, mangle: -150, filter: 0, srcnat: 100 };
/** What takes away the rules of before: a table that is there for certain, and none of it left. */
const PREPARES = /^(flush ruleset|table \w+ \w+|(flush|destroy) (table|chain|map|ct helper) .+)$/;
/** What a set or a map says besides its elements. */
const OF_SETS = /^((type|typeof|flags|size|timeout) .+|elements = \{|\})$/;

/** @param defined Gets what the file defines. */
export function readFile(file: string, defined: Record<string, string>): Table[] {
  const lines = file
    .split("\n")
    .map((line) => line.replace(/^#.*|\s#.*/, "").trim())
    .filter((line) => line !== "" && !PREPARES.test(line));
  const tables: Table[] = [];
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const [, name, value] = /^define (\w+) = (\S+)$/.exec(line) ?? [];
    if (name !== undefined) defined[name] = value!;
    else tables.push(tableOf(line, lines));
  }
  return tables;
}

/** @param lines What follows the head; taken up to the table's end. */
function tableOf(head: string, lines: string[]): Table {
  const [, family] = /^table (ip|ip6|inet|netdev) \w+ \{$/.exec(head) ?? [];
  if (family === undefined) throw unknown(head);
  const table: Table = { family, chains: new Map(), sets: new Map() };
  for (let line = taken(lines); line !== "}"; line = taken(lines)) {
    const [, kind, name] = /^(set|map|chain|counter|ct helper) (\w+) \{$/.exec(line) ?? [];
    if (kind === undefined) throw unknown(line);
    const body: string[] = [];
    for (let inner = taken(lines), depth = 0; depth > 0 || inner !== "}"; inner = taken(lines)) {
      depth += Number(inner.endsWith("{")) - Number(inner === "}");
      body.push(inner);
    }
    if (kind === "chain") table.chains.set(name!, chainOf(body));
    if (kind === "set" || kind === "map") table.sets.set(name!, elements(body));
  }
  return table;
}

const unknown = (line: string) => new Error(`nft: ${line}`);

function taken(lines: string[]): string {
  const line = lines.shift();
  if (line === undefined) throw unknown("the file ends inside of a table");
  return line;
}

function chainOf(body: string[]): Chain {
  const [head = ""] = body;
  if (!head.startsWith("type ")) return { rules: body, priority: 0, policy: "accept" };
  const [, hook, name, more = "0", policy] =
    /^type \w+ hook (\w+)(?: device \S+)? priority (\w+)(?: \+ (\d+))?; policy (accept|drop);$/.exec(head) ??
    [];
  if (hook === undefined || PRIORITIES[name!] === undefined) throw unknown(head);
  return {
    hook,
    rules: body.slice(1),
    priority: PRIORITIES[name!]! + Number(more),
    policy: policy as Verdict,
  };
}

/** A map's; of the sets here none has any from the start. */
function elements(body: string[]): Element[] {
  return body.flatMap((line): Element[] => {
    const [, first, last = first, value] = /^(\d+)(?:-(\d+))? : ([\d.]+),$/.exec(line) ?? [];
    if (first !== undefined) return [[[Number(first), Number(last)] as Range, value!]];
    if (!OF_SETS.test(line)) throw unknown(line);
    return [];
  });
}
