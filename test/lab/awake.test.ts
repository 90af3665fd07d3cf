import { expect, test } from "vitest";
import { accountsIn } from "../../lab/awake.ts";
import { labAccount } from "../../lab/stack.ts";

test("the accounts of a server's file are read as they were, whatever is quoted in them", () => {
  const { name, password } = labAccount();
  expect(password).toMatch(/["\\]/);
  const quoted = (word: string) => `"${word.replace(/["\\]/g, "\\$&")}"`;
  const file = `# From a secret. Changed here, it is overwritten.
${quoted(name)} pptpd ${quoted(password)} *
"b" pptpd "c" *
`;
  expect(accountsIn(file)).toEqual([
    { name, password },
    { name: "b", password: "c" },
  ]);
});
