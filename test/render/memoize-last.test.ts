import { expect, test } from "vitest";
import { memoizeLast } from "../../render/memoize-last.ts";

test("what is remembered is the last text's, and made once", () => {
  const made: string[] = [];
  const upper = memoizeLast((text) => {
    made.push(text);
    return text.toUpperCase();
  });
  expect(["a", "a", "b", "a"].map(upper)).toEqual(["A", "A", "B", "A"]);
  expect(made).toEqual(["a", "b", "a"]);
});
