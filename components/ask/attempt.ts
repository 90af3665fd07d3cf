/** A question to AWS, and what its answer makes of the settings. */
import { type Mistake, printable } from "../../settings/mistakes.ts";

export type Answer<T> = { answer: T } | { mistakes: Mistake[] };

/** All answers, or all mistakes. */
export function allAnswers<T>(each: Answer<T>[]): Answer<T[]> {
  const mistakes = each.flatMap((one) => ("mistakes" in one ? one.mistakes : []));
  if (mistakes.length > 0) return { mistakes };
  return { answer: each.flatMap((one) => ("answer" in one ? [one.answer] : [])) };
}

/** The answer that a key's value does not fit. */
export function oneMistake(
  key: string,
  value: unknown,
  allowed: string,
  fix: string,
): { mistakes: Mistake[] } {
  return { mistakes: [{ key, value: printable(value), allowed, fix }] };
}

/** AWS's own words for what it refuses, in one line: the provider wraps them into several. */
export async function attempt<T>(question: () => Promise<T>): Promise<{ value: T } | { refused: string }> {
  try {
    return { value: await question() };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { refused: words.replace(/\s+/g, " ").trim() };
  }
}
