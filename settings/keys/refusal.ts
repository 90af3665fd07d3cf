/** How a rule of the schema says no. */
import type { z } from "zod";

/** What a refused value's message says where it knows better than the key's own texts (see `KeyFacts`). */
export interface Refusal {
  /** What is allowed. */
  allowed?: string;
  /** What to do about it. Derived from the value at most where the value may be shown. */
  fix?: string;
  /** The member or element at fault, such as `[1]`; the value as a whole if left out. */
  path?: (string | number)[];
  /** The value may hold a secret although its key is none: it is not shown. */
  hide?: true;
}

/** A check for zod from a function that returns each refusal of a value. */
export function refusalsOf<T>(judge: (value: T) => Refusal | Refusal[] | undefined): z.core.CheckFn<T> {
  return (payload) => {
    for (const refusal of [judge(payload.value) ?? []].flat()) {
      payload.issues.push({
        code: "custom",
        input: payload.value,
        path: refusal.path ?? [],
        params: { ...refusal },
        // Without it zod would skip the checks that follow, and a mistake beside this one would show one run later.
        continue: true,
      });
    }
  };
}

/** Refuses each element that occurred before. */
export function repetitions(what: string): (values: string[]) => Refusal[] {
  return (values) => {
    const seen = new Set<string>();
    return values.flatMap((value, index) => {
      if (!seen.has(value)) {
        seen.add(value);
        return [];
      }
      return [{ allowed: `each ${what} once`, fix: "take the repetition out", path: [index] }];
    });
  };
}
