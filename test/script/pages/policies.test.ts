import { expect, test } from "vitest";
import { rules } from "../../../policy/policies.ts";
import { policyTable } from "../../../script/pages/policies.ts";
import { read } from "../../shared/files.ts";

const page = read("docs/policies.md");

test("docs/policies.md has the pack's policies as they are (npm run docs)", () => {
  expect(page).toContain(policyTable());
});

test("docs/policies.md names no policy that the pack does not have", () => {
  const names = [...rules.map(({ name }) => name), "waivers"];
  const compared = page.slice(page.indexOf("## Public rule sets"));
  const named = [...compared.matchAll(/`([a-z]+(?:-[a-z0-9]+)+)`/g)].map(([, name]) => name);
  expect(named.filter((name) => !names.includes(name!))).toEqual([]);
});
