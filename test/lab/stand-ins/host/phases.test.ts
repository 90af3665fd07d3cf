import { expect, test } from "vitest";
import { Phases } from "../../../../lab/host/phases.ts";

function told(): { lines: string[]; phases: Phases } {
  const lines: string[] = [];
  return { lines, phases: new Phases((line) => lines.push(line)) };
}

test("a line for whoever reads along stands where it was said, and is no phase", async () => {
  const { lines, phases } = told();
  await phases.run("boot", async () => phases.say("  guests are emulated"));
  expect(lines).toEqual([
    "… boot",
    "  guests are emulated",
    expect.stringMatching(/^✓ boot \(\d+(\.\d)? s\)$/),
  ]);
  expect(phases.done.map(({ name }) => name)).toEqual(["boot"]);
});

test("a phase that fails says what it was at, and is not done", async () => {
  const { lines, phases } = told();
  const failing = phases.run("boot", async (report) => {
    report("waits for the agent\n");
    throw new Error("no agent");
  });
  await expect(failing).rejects.toThrow("no agent");
  expect(lines.at(-1)).toMatch(/^✗ boot \(\d+(\.\d)? s\), waits for the agent$/);
  expect(phases.done).toEqual([]);
});
