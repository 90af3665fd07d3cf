/**
 * What somebody meant by a key that we do not have: by what the word means in the field, and by its letters only where they
 * are really near.
 */
import { distance } from "fastest-levenshtein";
import { tuningOf } from "../groups/tuning.ts";
import { facts } from "../keys/facts.ts";
import { factsOf, groups, type Key, keys, membersOf } from "../schema.ts";
import { WORDS_OF_ACCOUNTS, WORDS_WITHOUT_KEY } from "./without-key.ts";
import { WORDS_ELSEWHERE, WORDS_OF_KEYS } from "./words.ts";

/** What is to be said of a word: keys of ours or members (`ppp.mppe`), or a sentence; nothing where nobody knows. */
type Answer = { keys: string[] } | { sentence: string };

/** Beyond so many characters no name is near, and comparing takes time. */
const LONGEST = 100;

/** A word as it is looked up: its letters and digits, and a sign before it, which pppd tells options apart by. */
function folded(word: string): string {
  const start = word.slice(0, LONGEST).toLowerCase();
  return (/^[+-](?!-)/.exec(start)?.[0] ?? "") + start.replace(/[^a-z0-9]/g, "");
}

const words = (text: string): string[] => text.split(" ").map(folded);

const members = groups.flatMap((group) =>
  Object.entries(membersOf(group)).map(([member, schema]) => ({
    group,
    member,
    name: `${group}.${member}`,
    schema,
  })),
);

/** Names that a tuning's own text has: sysctls whole and by their last part, options of pppd and pptpd. */
function namesIn(sets: string): string[] {
  const sysctls = sets.match(/\b(?:net|fs|kernel|vm)\.[\w.-]+\w/g) ?? [];
  const options = /^(?:pppd|pptpd) /.test(sets) ? (sets.match(/[a-z][a-z0-9-]+/g) ?? []) : [];
  return [
    ...sysctls,
    ...sysctls.map((name) => name.split(".").at(-1)!),
    ...options.filter((name) => !/^(pppd|pptpd|or)$/.test(name)),
  ];
}

/** Later entries give way to earlier ones. */
function table(entries: [word: string, answer: Answer][]): ReadonlyMap<string, Answer> {
  return new Map(entries.toReversed());
}

/** Our own names, whatever their case and signs. */
const own = table([
  ...[...Map.groupBy(members, ({ member }) => folded(member))].map(([word, found]): [string, Answer] => [
    word,
    { keys: found.map(({ name }) => name) },
  ]),
  ...keys.map((key): [string, Answer] => [folded(key), { keys: [key] }]),
]);

const field = table([
  ...members.flatMap(({ name, schema }) =>
    namesIn(tuningOf(schema).sets).map((word): [string, Answer] => [folded(word), { keys: [name] }]),
  ),
  ...WORDS_OF_KEYS.flatMap(([keys, text]) =>
    words(text).map((word): [string, Answer] => [word, { keys: keys.split(" ") }]),
  ),
  ...WORDS_ELSEWHERE.flatMap(([sentence, text]) =>
    words(text).map((word): [string, Answer] => [word, { sentence }]),
  ),
  ...WORDS_WITHOUT_KEY.flatMap(([reason, text]) =>
    words(text).map((word): [string, Answer] => [word, { sentence: `there is none: ${reason}` }]),
  ),
]);

const accounts = table([
  ...(["name", "password"] as const).flatMap((member) =>
    words(WORDS_OF_ACCOUNTS[member]).map((word): [string, Answer] => [word, { keys: [member] }]),
  ),
  ...WORDS_OF_ACCOUNTS.none.flatMap(([reason, text]) =>
    words(text).map((word): [string, Answer] => [word, { sentence: `there is none: ${reason}` }]),
  ),
]);

/** Near by its letters: a quarter of the longer name may differ, or two neighbours be the other way round. */
function near(name: string, names: string[]): string | undefined {
  const start = folded(name);
  const off = (other: string): number => (isSwap(start, folded(other)) ? 0 : distance(start, folded(other)));
  const reach = (other: string): number => Math.floor(Math.max(start.length, folded(other).length) / 4);
  return names
    .filter((other) => off(other) <= reach(other))
    .toSorted((a, b) => off(a) - off(b))
    .at(0);
}

function isSwap(a: string, b: string): boolean {
  const at = [...a].findIndex((letter, i) => letter !== b[i]);
  return a.length === b.length && at >= 0 && b === a.slice(0, at) + a[at + 1] + a[at] + a.slice(at + 2);
}

/** What somebody meant by a key of the stack's config. */
export function meantKey(name: string): Answer | undefined {
  const last = folded(name.slice(0, LONGEST).split(/[.:[]/).filter(Boolean).at(-1) ?? "");
  const whole = folded(name);
  const known = own.get(whole) ?? field.get(whole) ?? own.get(last) ?? field.get(last);
  if (known !== undefined) return known;
  const key = near(name, keys);
  if (key !== undefined) return { keys: [key] };
  const member = near(
    name,
    members.map(({ member }) => member),
  );
  return member === undefined ? undefined : own.get(folded(member));
}

/** What somebody meant by a member of a group: one of its own first. */
export function meantMember(group: Key, name: string): Answer | undefined {
  const ours = Object.keys(membersOf(group));
  const same = ours.find((member) => folded(member) === folded(name)) ?? near(name, ours);
  return same === undefined ? meantKey(name) : { keys: [`${group}.${same}`] };
}

/** What somebody meant by a member of an account. */
export function meantOfAccount(name: string): Answer | undefined {
  const close = near(name, ["name", "password"]);
  return accounts.get(folded(name)) ?? (close === undefined ? undefined : { keys: [close] });
}

/**
 * The fix by an answer: the commands of the keys that are meant, or why there is none; and the wrong one goes.
 *
 * @param go How the wrong one goes.
 */
export function fixBy(answer: Answer | undefined, go: string): string {
  if (answer === undefined) return `no key of ours is near it: ${go}`;
  if ("sentence" in answer) return `${answer.sentence}; ${go}`;
  return `${answer.keys.map((name) => `did you mean ${name}? ${commandOf(name)}`).join(", or ")}; ${go}`;
}

function commandOf(name: string): string {
  const found = members.find((each) => each.name === name);
  return found === undefined ? factsOf(name as Key).fix : facts.get(found.schema)!.fix;
}
