/** A stack's first preview and update: behind one front door as the CLI runs them, a process of its own for each. */
import { describe, expect, test } from "vitest";
import "./cases/run.ts";
import { Stack } from "./fleet.ts";
import { asProcess, fleetInline } from "./pulumi/run.ts";
import { hasUnknown, plain } from "./pulumi/wire.ts";

describe.each([
  ["nlb", "processes", asProcess],
  ["eip", "this process", fleetInline],
] as const)("behind %s, in %s", (frontDoor, _, run) => {
  test("the first preview registers all, and uses no value that nobody has yet; the update makes it", async () => {
    const stack = Stack.empty({ frontDoor }, run);
    const preview = await stack.preview();
    expect([stack.state.size, stack.account.standing.size, preview.done]).toEqual([0, 0, []]);
    const up = await stack.up();
    expect(up.created).toHaveLength(stack.state.size);
    expect(preview.created).toEqual(up.created);
    expect(preview.result.said).toEqual(up.result.said);
    expect(up.result.said.filter((each) => !each.startsWith("warning: "))).toEqual([]);
    for (const [urn, { inputs, propertyDependencies }] of stack.state) {
      for (const [key, value] of Object.entries(plain(inputs))) {
        const early = plain(preview.result.registered.get(urn)?.inputs[key]);
        // What comes from another resource is not known yet; all else is what the update has.
        if (propertyDependencies[key]?.length) expect(hasUnknown(early), `${urn} ${key}`).toBe(true);
        else expect(early, `${urn} ${key}`).toEqual(value);
      }
    }
    const again = await stack.copy(fleetInline).up();
    expect(again.done).toEqual([]);
    expect(again.same).toEqual(up.created);
  });
});
