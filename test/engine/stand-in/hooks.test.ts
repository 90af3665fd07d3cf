/** Resource hooks as Pulumi's engine runs them: on programs of a few resources, as the fleet has none. */
import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { Result } from "../pulumi/engine.ts";
import { goalOf } from "../pulumi/goal.ts";
import { Hooks } from "../pulumi/hooks.ts";
import { steps, Thing, ThingStack, urn } from "./things.ts";

/** What hooks were run, in order: `drain a`. */
let ran: string[];
/** IDs that they were told. */
let ids: string[];

interface Made {
  kind?: string;
  options?: pulumi.CustomResourceOptions;
  /** Whether `a` is there. @default true */
  stands?: boolean;
  /** @default deleteBeforeReplace */
  createsFirst?: boolean;
  /** Hooks that fail. */
  failing?: string[];
  ignoreErrors?: boolean;
  onDryRun?: boolean;
}

/**
 * `a`, drained before it is deleted and greeted after it is made, `b` that takes its serial, and `c`, drained too: a hook
 * that nothing is bound to may be registered after all is done.
 */
const drained = (made: Made) => () => {
  const { kind = "x", options, stands = true, createsFirst = false, failing = [], ...opts } = made;
  const hook = (name: string) =>
    new pulumi.ResourceHook(
      name,
      (of) => {
        ran.push(`${name} ${of.name}`);
        ids.push(of.id);
        if (failing.includes(name)) throw new Error("sessions stay");
      },
      opts,
    );
  const [drain, greet] = [hook("drain"), hook("greet")];
  new Thing("c", {}, { hooks: { beforeDelete: [drain] } });
  if (!stands) return;
  const hooks = { beforeDelete: [drain], afterCreate: [greet] };
  const a = new Thing("a", { kind }, { deleteBeforeReplace: !createsFirst, hooks, ...options });
  new Thing("b", { size: a.serial });
};

async function standing(made: Made = {}): Promise<ThingStack> {
  const stack = new ThingStack();
  forget();
  expect((await stack.up(drained(made))).refusals).toEqual([]);
  expect(ran).toEqual(["greet a"]);
  forget();
  return stack;
}

function forget(): void {
  ran = [];
  ids = [];
}

const idOf = (stack: ThingStack, name: string) => stack.state.get(urn(name))?.id;
const why = (hook: string) => `Thing a: ${hook} failed: sessions stay`;
const UNREGISTERED = (name: string) => `Thing ${name}: hook "drain" was not registered`;

describe("a hook", () => {
  test("runs around its call, by the ID of the one that it is about", async () => {
    const stack = await standing();
    const before = idOf(stack, "a");
    const { done } = await stack.up(drained({ kind: "y" }));
    expect(done).toEqual(["delete Thing a", "create Thing a", "update Thing b"]);
    expect([ran, ids]).toEqual([
      ["drain a", "greet a"],
      [before, idOf(stack, "a")],
    ]);
  });

  test("does not run where nothing happens, nor in a preview", async () => {
    const stack = await standing();
    await stack.up(drained({}));
    const { refusals } = await stack.preview(drained({ kind: "y", failing: ["drain"] }));
    expect([refusals, ran]).toEqual([[], []]);
  });

  test("runs in a preview where it says so", async () => {
    const stack = await standing();
    await stack.preview(drained({ kind: "y", onDryRun: true }));
    expect(ran).toEqual(["drain a", "greet a"]);
  });

  test("runs with --target of its resource, and with no other, and not in a preview of that", async () => {
    const stack = await standing();
    const change = drained({ kind: "y" });
    await stack.preview(change, [urn("a")]);
    await stack.up(change, { targets: [urn("b")] });
    expect(ran).toEqual([]);
    await stack.up(change, { targets: [urn("a")] });
    expect(ran).toEqual(["drain a", "greet a"]);
  });

  test("that is not bound any more still runs for the one that was made with it", async () => {
    const stack = await standing();
    await stack.up(drained({ stands: false }));
    expect(ran).toEqual(["drain a"]);
  });

  test("that the program does not register any more stops the delete, and its preview", async () => {
    const stack = await standing();
    const { refusals, done } = await stack.up(() => {});
    expect([refusals, done.filter((each) => each !== "delete Thing b")]).toEqual([
      [expect.stringMatching(/^Thing [ac]: hook "drain" was not registered$/)],
      [],
    ]);
    const preview = await stack.preview(() => {});
    expect(preview.refusals.toSorted()).toEqual([UNREGISTERED("a"), UNREGISTERED("c")]);
  });

  test("of a name that there is already is refused", () => {
    const hooks = new Hooks();
    const drain = { name: "drain", onDryRun: false, ignoreErrors: false, call: async () => "" };
    hooks.register(drain);
    expect(() => hooks.register(drain)).toThrow('already registered for name "drain"');
  });

  test.each([
    ["of a component", false, "beforeDelete", "hooks of a component"],
    ["after errors", true, "onError", "the hook onError"],
  ])("%s is refused: the stand-in does not know it", (_, custom, moment, words) => {
    const proto = createRequire(import.meta.url)("@pulumi/pulumi/proto/resource_pb.js");
    const request = new proto.RegisterResourceRequest();
    request.setCustom(custom);
    const binding = new proto.RegisterResourceRequest.ResourceHooksBinding();
    binding[`add${moment[0]!.toUpperCase()}${moment.slice(1)}`]("drain");
    request.setHooks(binding);
    expect(() => goalOf({ stack: "dev", project: "test" }, request)).toThrow(`does not know ${words}`);
  });
});

describe("beforeDelete that fails", () => {
  test.each([false, true])(
    "stops before anything is deleted, and is tried again by the next update (createsFirst %s)",
    async (createsFirst) => {
      const stack = await standing({ createsFirst });
      const change = { kind: "y", createsFirst };
      const before = idOf(stack, "a")!;
      for (const _ of [1, 2]) {
        forget();
        const { refusals, done } = await stack.up(drained({ ...change, failing: ["drain"] }));
        expect(refusals).toEqual([why('before hook "drain"')]);
        expect(done.filter((each) => each.startsWith("delete"))).toEqual([]);
        expect(ran.filter((each) => each.startsWith("drain"))).toEqual(["drain a"]);
        expect(stack.provider.standing.has(before)).toBe(true);
      }
      const { refusals } = await stack.up(drained(change));
      expect(refusals).toEqual([]);
      expect(stack.provider.standing.has(before)).toBe(false);
      expect(stack.provider.standing.size).toBe(3);
    },
  );

  test("is a warning where its errors are ignored", async () => {
    const stack = await standing();
    const { refusals, said, done } = await stack.up(
      drained({ kind: "y", failing: ["drain"], ignoreErrors: true }),
    );
    expect([refusals, done[0]]).toEqual([[], "delete Thing a"]);
    expect(said).toEqual(['warning: beforeDelete hook "drain" failed: sessions stay']);
  });

  test("of a protected one runs before its protection is asked for, where no preview has said so", async () => {
    const stack = await standing({ options: { protect: true } });
    const { refusals } = await stack.up(drained({ stands: false }));
    expect(refusals).toEqual(["Thing a cannot be deleted because it is protected"]);
    expect(ran).toEqual(["drain a"]);
  });
});

describe("afterCreate that fails", () => {
  test("ends the update, and never runs again: what was made is in the state", async () => {
    forget();
    const stack = new ThingStack();
    const first = await stack.up(drained({ failing: ["greet"] }));
    expect(first.refusals).toEqual([why('after hook "greet"')]);
    expect([idOf(stack, "a") !== undefined, idOf(stack, "b")]).toEqual([true, undefined]);
    const second = await stack.up(drained({}));
    expect([second.refusals, second.done.includes("create Thing b")]).toEqual([[], true]);
    expect(ran).toEqual(["greet a"]);
  });

  test("leaves the old one where the new one came first, and the next update deletes it", async () => {
    const stack = await standing({ createsFirst: true });
    const before = idOf(stack, "a")!;
    const change = { kind: "y", createsFirst: true };
    await stack.up(drained({ ...change, failing: ["greet"] }));
    expect([ran, stack.provider.standing.has(before)]).toEqual([["greet a"], true]);
    const { done } = await stack.up(drained(change));
    expect([done, ran]).toEqual([
      ["update Thing b", "delete Thing a"],
      ["greet a", "drain a"],
    ]);
  });
});

describe("a stack with delete hooks", () => {
  test("is not taken down by a plain destroy, and by --run-program it is", async () => {
    const stack = await standing();
    const plain = await stack.destroy();
    const words = "has delete hooks registered, but the program is not running";
    expect(plain.refusals.toSorted()).toEqual([`Thing a ${words}`, `Thing c ${words}`]);
    expect([plain.done, stack.provider.standing.size]).toEqual([[], 3]);
    const whole = await stack.up(drained({}), { destroys: true });
    expect(whole.refusals).toEqual([]);
    expect(whole.done.toSorted()).toEqual(["delete Thing a", "delete Thing b", "delete Thing c"]);
    expect(whole.done.indexOf("delete Thing b")).toBeLessThan(whole.done.indexOf("delete Thing a"));
    expect([ran.toSorted(), stack.state.size]).toEqual([["drain a", "drain c"], 0]);
  });

  test("changes and makes nothing by destroy --run-program, though the program says so", async () => {
    const stack = await standing();
    const more = () => {
      drained({ kind: "y" })();
      new Thing("d");
    };
    const { done, ...result } = await stack.up(more, { destroys: true });
    expect(done.filter((each) => !each.startsWith("delete"))).toEqual([]);
    expect(steps(result as Result).toSorted()).toEqual(["delete a", "delete b", "delete c"]);
    expect(stack.provider.standing.size).toBe(0);
  });
});
