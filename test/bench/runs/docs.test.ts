import { expect, test } from "vitest";
import { withSection } from "../../../bench/runs/docs.ts";

const mark = (bench: string) =>
  `<!-- Made by \`npm run bench -- ${bench} --write-docs\`. Not edited by hand. -->`;
const PAGE = `${mark("tunnels")}\n# One\n\nold\n\n${mark("gateway")}\n# Two\n\nkept\n`;

test("a section replaces its own and leaves the others where they are", () => {
  expect(withSection(PAGE, "tunnels", "# One\n\nnew\n")).toBe(PAGE.replace("old", "new"));
  expect(withSection(PAGE, "gateway", "# Two\n\nnew\n")).toBe(PAGE.replace("kept", "new"));
});

test("a new one comes last, and is the first of an empty page", () => {
  expect(withSection(PAGE, "third", "# Three\n")).toBe(`${PAGE}\n${mark("third")}\n# Three\n`);
  expect(withSection("", "tunnels", "# One\n")).toBe(`${mark("tunnels")}\n# One\n`);
});
