import { describe, expect, test, vi } from "vitest";
import { labAccount } from "../../../../lab/client/stack.ts";
import type { Agent } from "../../../../lab/guest/agent.ts";
import { accountsIn, setClock } from "../../../../lab/vms/awake.ts";

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

describe("a guest's clock", () => {
  /** A guest whose clock is off by so much; what it is moved by, in seconds. */
  function guest(offMs: number, moves = true) {
    let off = offMs;
    const exec = vi.fn(async (argv: string[]) => {
      if (moves) off += Number(argv.at(-1)) * 1000;
      return { code: 0, stdout: "", stderr: "" };
    });
    const agent = { clock: async () => Date.now() + off, exec } as unknown as Agent;
    return { name: "a-1", agent, exec, off: () => off };
  }

  test.each([-86_400_000, -700, 700])("that is off by %i ms is moved", async (offMs) => {
    const lagging = guest(offMs);
    await setClock(lagging);
    expect(Math.abs(lagging.off())).toBeLessThan(100);
    expect(lagging.exec).toHaveBeenCalledTimes(1);
  });

  test("that is right is left alone", async () => {
    const right = guest(-300);
    await setClock(right);
    expect(right.exec).not.toHaveBeenCalled();
  });

  test("that does not stay set is an error", () =>
    expect(setClock(guest(-5_000, false))).rejects.toThrow(/a-1: its clock is 5\d{3}.* ms behind/));
});
