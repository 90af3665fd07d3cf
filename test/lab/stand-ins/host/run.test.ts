/** How long a command may take, and that its lines may begin that time anew. */
import { expect, test } from "vitest";
import { run } from "../../../../lab/host/run.ts";

const SAYS_SIX_LINES = "for i in 1 2 3 4 5 6; do echo $i; sleep 1; done";

test("a command that goes on saying something may take longer than it may be silent", async () => {
  const { stdout } = await run("sh", ["-c", SAYS_SIX_LINES], { timeoutMs: 4_000, silence: true });
  expect(stdout).toBe("1\n2\n3\n4\n5\n6\n");
});

test("one that falls silent is ended, with what it said last", async () => {
  const silent = run("sh", ["-c", "echo unpacking; sleep 1000"], { timeoutMs: 500, silence: true });
  await expect(silent).rejects.toThrow(/said nothing for 0\.5 s:\nunpacking/);
});

test("without that its lines change nothing", async () => {
  const late = run("sh", ["-c", SAYS_SIX_LINES], { timeoutMs: 2_000 });
  await expect(late).rejects.toThrow("did not end within 2 s");
});
