/** An update of a released stack to the present program, and the words in which changes.ts tells of it. */
import { type Case, DOORS, type Door, type Touched, tidy, touched } from "../cases/case.ts";
import { short } from "../fleet.ts";
import type { Runner } from "../pulumi/engine.ts";
import { fleetInline } from "../pulumi/run.ts";
import { label } from "../pulumi/state.ts";
import { type Files, filesOf, type ReleasedStack, standingOf } from "./release.ts";
import type { Example } from "./stacks.ts";

/** Each of `nlb` and `eip` is said as in the cases, with `<server>`, `<zone>` and `<cidr>` for all that there are. */
export interface Update extends Pick<Case, "nlb" | "eip"> {
  /** As a row of the page says it. */
  change: string;
  /** Example stacks in which it shows, where the config decides. @default all */
  stacks?: Example[];
}

/** What an update did. */
export interface Updated {
  stack: string;
  door: Door;
  /** All that stood before, by what a person calls it. */
  stood: string[];
  touched: Touched;
  /** Why it did not go through; AWS and Pulumi refuse to take protected machines away. */
  refusals: string[];
  /** By machine: files and parts of its cloud-config that are others, or come, or go. */
  files: Record<string, string[]>;
}

/** A protected machine that would go ends the update: what it would touch is then a preview's. */
export async function updated(released: ReleasedStack, run: Runner = fleetInline): Promise<Updated> {
  const stack = standingOf(released, run);
  const isProtected = released.resources.some(({ options }) => options.protect);
  const preview = isProtected ? await stack.preview() : undefined;
  const outcome = preview?.refusals.length ? preview : await stack.up();
  return {
    stack: released.stack,
    door: released.resources.some(({ type }) => type.endsWith(":LoadBalancer")) ? "nlb" : "eip",
    stood: released.resources.map(({ urn }) => short(label(urn))),
    touched: withoutInputs(touched(outcome)),
    refusals: outcome.refusals,
    files: others(released.files, filesOf(outcome.result.registered.values())),
  };
}

/** What of an instance is another, its replacement says. */
function withoutInputs({ instanceInputs: _, ...touched }: Touched): Touched {
  return touched;
}

/** What differs, of machines that stood. */
function others(olds: Files, news: Files): Record<string, string[]> {
  const differing = Object.entries(olds).map(([machine, old]) => {
    const now = news[machine] ?? {};
    const all = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
    return [machine, all.filter((what) => old[what] !== now[what])] as const;
  });
  return Object.fromEntries(differing.filter(([, files]) => files.length > 0));
}

/** By what is done, and of another bundle by how it arrives (render/bundle-change.ts). */
type Lists = Record<string, string[]>;

const OPS = ["created", "updated", "restarted", "replaced", "deleted"] as const;

function listsOf({ machines = {}, ...touched }: Touched): Lists {
  const arrivals = Object.entries(machines).map(([arrival, names]) => [
    arrival,
    names.map((name) => `Instance ${name}`),
  ]);
  return {
    ...Object.fromEntries(OPS.flatMap((op) => (touched[op] === undefined ? [] : [[op, touched[op]]]))),
    ...Object.fromEntries(arrivals),
  };
}

function touchedOf(lists: Lists): Touched {
  const isOp = ([op]: [string, string[]]) => (OPS as readonly string[]).includes(op);
  const all = Object.entries(lists).filter(([, labels]) => labels.length > 0);
  const arrivals = all.filter((each) => !isOp(each));
  const names = arrivals.map(([arrival, labels]) => [
    arrival,
    labels.map((label) => label.replace("Instance ", "")).sort(),
  ]);
  return tidy({ ...Object.fromEntries(all.filter(isOp)), machines: Object.fromEntries(names) });
}

/** What `list` says of this stack, each by its own name. */
export function said(list: Update[], { stack, door, stood, touched }: Updated): Touched {
  const here = list.filter((update) => isIn(update, { stack })).map((update) => listsOf(update[door]));
  const of = (op: string) => {
    // What is made stood nowhere before.
    const among = op === "created" ? (touched.created ?? []) : stood;
    return [...new Set(here.flatMap((lists) => (lists[op] ?? []).flatMap((word) => meant(word, among))))];
  };
  const ops = new Set(here.flatMap((lists) => Object.keys(lists)));
  return touchedOf(Object.fromEntries([...ops].map((op) => [op, of(op)])));
}

/** Whether an update shows in a stack. */
export function isIn({ stacks }: Update, { stack }: Pick<Updated, "stack">): boolean {
  return stacks === undefined || stacks.some((each) => each === stack);
}

/** Those of `labels` that a word of the list means. */
function meant(word: string, labels: string[]): string[] {
  return labels.filter((label) => word === label || word === inWords(label));
}

/** A label in the words of the list: `Instance <server>` of `Instance a-1`. */
function inWords(label: string): string {
  return label
    .replace(/(?<=[ -])[\d.]+\/\d+$/, "<cidr>")
    .replace(/(?<=[ -])[a-h]-\d+(?=-|$)/, "<server>")
    .replaceAll(/(?<=[ -])[a-h](?=-|$)/g, "<zone>");
}

/** Words of `list` that mean nothing in any stack of theirs: an update that is not so. */
export function meaningless(list: Update[], all: Updated[]): string[] {
  const meaning = (update: Update, door: Door, op: string, word: string) =>
    all
      .filter((each) => each.door === door && isIn(update, each))
      .some(
        ({ stood, touched }) => meant(word, op === "created" ? (touched.created ?? []) : stood).length > 0,
      );
  return list.flatMap((update) =>
    DOORS.flatMap((door) =>
      Object.entries(listsOf(update[door])).flatMap(([op, words]) =>
        words.filter((word) => !meaning(update, door, op, word)),
      ),
    ),
  );
}

/** For whoever reads a failed test: what is another, and what the list would say of it. */
export function advice(release: string, list: Update[], updated: Updated): string {
  const known = listsOf(said(list, updated));
  const missing = Object.entries(listsOf(updated.touched)).flatMap(([op, labels]) => {
    const words = [...new Set(labels.filter((label) => !known[op]?.includes(label)).map(inWords))];
    if (words.length === 0) return [];
    return (OPS as readonly string[]).includes(op)
      ? [`${op}: ${JSON.stringify(words)}`]
      : [`machines: ${JSON.stringify({ [op]: words.map((word) => word.replace("Instance ", "")) })}`];
  });
  const files = Object.entries(updated.files).map(([machine, each]) => `${machine}: ${each.join(", ")}`);
  return [
    `an update from ${release} does to ${updated.stack} what test/engine/releases/changes.ts does not say`,
    ...(files.length === 0 ? [] : [`other files on ${files.join("; ")}`]),
    ...(missing.length === 0
      ? []
      : [
          `to write there: ${updated.door}: { ${missing.join(", ")} }`,
          `while ${release} has no tag, npm run record-release in place of it`,
        ]),
  ].join("\n");
}
