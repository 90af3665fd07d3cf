/** `--target` as Pulumi's engine takes it (pkg/resource/deploy/step_generator.go, target_test.go there). */
import { describe, expect, test } from "vitest";
import { steps, Thing, ThingStack, urn } from "./things.ts";

/** `a`, `b` that takes a's serial at `from`, and `c` apart. */
const chain =
  (size: number, { kind = "x", from = "size", first = false } = {}) =>
  () => {
    const a = new Thing("a", { kind, size }, { deleteBeforeReplace: !first });
    new Thing("b", { [from]: a.serial, weight: size });
    new Thing("c", { size });
  };

async function standing(main = chain(1)): Promise<ThingStack> {
  const stack = new ThingStack();
  await stack.up(main);
  return stack;
}

const inputs = (stack: ThingStack, name: string) => stack.state.get(urn(name))?.inputs;

describe("an update with --target", () => {
  test.each([true, false])("touches that one, and nothing else: preview %s", async (preview) => {
    const stack = await standing();
    const change = chain(2);
    const targets = [urn("c")];
    const result = preview ? await stack.preview(change, targets) : await stack.up(change, { targets });
    expect(steps(result)).toEqual(["update c"]);
    expect([inputs(stack, "a"), inputs(stack, "c")]).toEqual([
      { kind: "x", size: 1 },
      { size: preview ? 1 : 2 },
    ]);
  });

  test("leaves what the target depends on as it was, though the program says otherwise", async () => {
    const stack = await standing();
    const before = inputs(stack, "b");
    await stack.up(chain(2, { kind: "y" }), { targets: [urn("b")] });
    expect([inputs(stack, "a"), inputs(stack, "b")]).toEqual([
      { kind: "x", size: 1 },
      { ...before, weight: 2 },
    ]);
    const rest = steps(await stack.up(chain(2, { kind: "y" })));
    expect(rest.toSorted()).toEqual(["replace a", "update b", "update c"]);
  });

  test("leaves dependents of one that it replaces with what that was, until the next whole update", async () => {
    const stack = await standing();
    const before = inputs(stack, "b");
    const change = chain(1, { kind: "y" });
    expect((await stack.up(change, { targets: [urn("a")] })).done).toEqual([
      "delete Thing a",
      "create Thing a",
    ]);
    expect(inputs(stack, "b")).toEqual(before);
    expect((await stack.up(change)).done).toEqual(["update Thing b"]);
    expect(inputs(stack, "b")?.size).toBe(stack.state.get(urn("a"))?.outputs.serial);
  });

  test("takes those along that cannot be without one that goes first, by their inputs of then", async () => {
    const stack = await standing(chain(1, { from: "kind" }));
    const before = inputs(stack, "b");
    const change = chain(2, { kind: "y", from: "kind" });
    const { done } = await stack.up(change, { targets: [urn("a")] });
    expect(done).toEqual(["delete Thing b", "delete Thing a", "create Thing a", "create Thing b"]);
    expect(inputs(stack, "b")).toEqual(before);
  });

  test("takes none along where the new one is made first", async () => {
    const stack = await standing(chain(1, { from: "kind", first: true }));
    const change = chain(1, { kind: "y", from: "kind", first: true });
    expect((await stack.up(change, { targets: [urn("a")] })).done).toEqual([
      "create Thing a",
      "delete Thing a",
    ]);
  });

  test("makes nothing that it does not name, and refuses a target that needs it", async () => {
    const stack = new ThingStack();
    expect((await stack.up(chain(1), { targets: [urn("c")] })).done).toEqual(["create Thing c"]);
    const needy = await stack.up(chain(1), { targets: [urn("b")] });
    expect(needy.refusals).toEqual(["Thing b depends on Thing a, which was not specified in --target list"]);
    expect([needy.done, stack.state.has(urn("a"))]).toEqual([[], false]);
    const both = await stack.up(chain(1), { targets: [urn("a"), urn("b")] });
    expect(both.done).toEqual(["create Thing a", "create Thing b"]);
  });

  test("deletes what the program has no more only where it is named", async () => {
    const stack = await standing();
    const less = () => {
      new Thing("a", { kind: "x", size: 1 }, { deleteBeforeReplace: true });
    };
    expect((await stack.up(less, { targets: [urn("a")] })).refusals).toEqual([
      "Thing b will be destroyed but was not specified in --target list",
    ]);
    expect((await stack.up(less, { targets: [urn("c")] })).done).toEqual(["delete Thing c"]);
    expect(stack.provider.standing.size).toBe(2);
  });

  test("refuses a target that is nowhere, after the others", async () => {
    const stack = await standing();
    const { done, refusals } = await stack.up(chain(2), { targets: [urn("c"), urn("z")] });
    expect([done, refusals]).toEqual([
      ["update Thing c"],
      [`Target '${urn("z")}' could not be found in the stack.`],
    ]);
    await expect(stack.up(chain(2), { targets: ["**"] })).rejects.toThrow("does not know globs");
  });
});
