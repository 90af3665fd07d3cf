/** An engine that is killed in the middle of a call, and the updates after it (pkg/backend/snapshot.go). */
import { describe, expect, test } from "vitest";
import { Thing, ThingStack } from "./things.ts";

const one =
  (kind: string, size = 1, deleteBeforeReplace = true) =>
  () => {
    new Thing("a", { kind, size }, { deleteBeforeReplace });
  };

async function standing(): Promise<ThingStack> {
  const stack = new ThingStack();
  await stack.up(one("x"));
  return stack;
}

const warning = (rest: string) => `warning: Attempting to deploy or update resources with ${rest}`;
const CREATING = "1 pending operations from previous deployment: Thing a, interrupted while creating";

describe("an engine killed while it creates", () => {
  test.each([true, false])(
    "leaves a pending operation, and what it makes to nobody (done: %s)",
    async (done) => {
      const stack = new ThingStack();
      const { killed, state } = await stack.up(one("x"), { kill: { at: "create Thing a", done } });
      expect([killed, [...state.keys()].filter((urn) => urn.includes("Thing"))]).toEqual([true, []]);
      expect(stack.undone.operations.map(({ type }) => type)).toEqual(["creating"]);
      expect(stack.provider.standing.size).toBe(done ? 1 : 0);
    },
  );

  test("is followed by a warning and a second one; each update warns until the pending create is cleared", async () => {
    const stack = new ThingStack();
    await stack.up(one("x"), { kill: { at: "create Thing a", done: true } });
    expect((await stack.preview(one("x"))).said).toEqual([]);
    const second = await stack.up(one("x"));
    expect([second.said, second.done]).toEqual([[warning(CREATING)], ["create Thing a"]]);
    expect(stack.provider.standing.size).toBe(2);
    expect((await stack.up(one("x"))).said).toEqual([warning(CREATING)]);
    stack.refresh();
    expect((await stack.up(one("x"))).said).toEqual([warning(CREATING)]);
    stack.refresh({ clearPendingCreates: true });
    const after = await stack.up(one("x"));
    expect([after.said, after.done, stack.provider.standing.size]).toEqual([[], [], 2]);
  });

  test("where the old one went first makes the new one next, and deletes nothing again", async () => {
    const stack = await standing();
    const kill = { at: "create Thing a", done: false };
    expect((await stack.up(one("y"), { kill })).done).toEqual(["delete Thing a"]);
    // Also where the program has gone back meanwhile.
    const { done, steps } = await stack.up(one("x"));
    expect(done).toEqual(["create Thing a"]);
    expect(steps.map(({ op }) => op)).toEqual(["same", "replace"]);
  });

  test("where the old one went first forgets it, once the program has it no more", async () => {
    const stack = await standing();
    await stack.up(one("y"), { kill: { at: "create Thing a", done: false } });
    const { done, refusals } = await stack.up(() => {});
    expect([done, refusals, stack.state.size]).toEqual([[], [], 1]);
  });
});

describe("an engine killed while it deletes", () => {
  test("one whose replacement stands goes on with it next", async () => {
    const stack = await standing();
    const kill = { at: "delete Thing a", done: false };
    await stack.up(one("y", 1, false), { kill });
    expect([...stack.provider.standing.keys()]).toEqual(["a-1", "a-2"]);
    const { said, done } = await stack.up(one("y", 1, false));
    expect(said).toEqual([
      warning("1 pending operations from previous deployment: Thing a, interrupted while deleting"),
    ]);
    expect([done, (await stack.up(one("y", 1, false))).said]).toEqual([["delete Thing a"], []]);
  });

  test("leaves a state that a refresh sets right", async () => {
    const stack = await standing();
    await stack.up(() => {}, { kill: { at: "delete Thing a", done: true } });
    const without = new ThingStack();
    Object.assign(without, stack);
    expect((await without.up(() => {})).refusals).toEqual(["delete Thing a: a-1 is not there"]);
    stack.refresh();
    expect(stack.undone.operations).toEqual([]);
    expect((await stack.up(() => {})).done).toEqual([]);
  });
});

test("an engine killed while it changes leaves the old inputs in the state, and a refresh finds the new ones", async () => {
  const stack = await standing();
  await stack.up(one("x", 2), { kill: { at: "update Thing a", done: true } });
  stack.refresh();
  expect((await stack.up(one("x", 2))).done).toEqual([]);
});
