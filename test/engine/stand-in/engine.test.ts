/** The stand-in itself, on programs of a few resources: what the fleet's own tests lean on. */
import { createRequire } from "node:module";
import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { Account } from "../aws/account.ts";
import { type Result, update } from "../pulumi/engine.ts";
import { goalOf } from "../pulumi/goal.ts";
import { inline } from "../pulumi/run.ts";
import { label, type State } from "../pulumi/state.ts";
import { after, program, steps, Thing, Things } from "./things.ts";

/** `a`, `b` that takes a's serial at `from`, and `c` that only waits for `a`. */
const chain = (kind: string, from: string, deleteBeforeReplace: boolean) => () => {
  const a = new Thing("a", { kind }, { deleteBeforeReplace });
  const b = new Thing("b", { [from]: a.serial });
  new Thing("c", { size: 1 }, { dependsOn: [a, b] });
};

describe("a resource that is replaced", () => {
  test("is made first, then those that need it, then the old ones go", async () => {
    const { done, ...result } = await after(chain("x", "kind", false), chain("y", "kind", false));
    expect(steps(result as Result)).toEqual(["replace a", "replace b"]);
    expect(done).toEqual(["create Thing a", "create Thing b", "delete Thing b", "delete Thing a"]);
  });

  test("takes those along that cannot be without it, where it goes first", async () => {
    const { done, ...result } = await after(chain("x", "kind", true), chain("y", "kind", true));
    expect(steps(result as Result)).toEqual(["replace a", "replace b"]);
    expect(done).toEqual(["delete Thing b", "delete Thing a", "create Thing a", "create Thing b"]);
  });

  test("changes those in place that take the news", async () => {
    const { done } = await after(chain("x", "size", true), chain("y", "size", true));
    expect(done).toEqual(["delete Thing a", "create Thing a", "update Thing b"]);
  });

  test("is unknown to its dependents in a preview, which says the same", async () => {
    const provider = new Things();
    const go = (kind: string, state: State, preview: boolean) =>
      update({ program, run: inline(async () => chain(kind, "kind", false)), state, provider, preview });
    const { state } = await go("x", new Map(), false);
    const preview = await go("y", state, true);
    expect([steps(preview), preview.done, provider.made]).toEqual([["replace a", "replace b"], [], 3]);
  });
});

function inputsOf({ state }: Result, name: string) {
  return [...state.values()].find((each) => each.custom && each.name === name)?.inputs;
}

describe("an option", () => {
  const one = (args: Record<string, unknown>, opts: pulumi.CustomResourceOptions) => () => {
    new Thing("a", args, opts);
  };

  test("replaceOnChanges replaces", async () => {
    const opts = { replaceOnChanges: ["size"] };
    expect(steps(await after(one({ size: 1 }, opts), one({ size: 2 }, opts)))).toEqual(["replace a"]);
    expect(steps(await after(one({ size: 1 }, {}), one({ size: 2 }, {})))).toEqual(["update a"]);
  });

  test("ignoreChanges leaves what stands, and is no more where another is made", async () => {
    const opts = { ignoreChanges: ["size"] };
    expect(steps(await after(one({ size: 1 }, opts), one({ size: 2 }, opts)))).toEqual([]);
    const { state } = await after(one({ size: 1, kind: "x" }, opts), one({ size: 2, kind: "y" }, opts));
    expect([...state.values()].find(({ custom }) => custom)?.inputs).toEqual({ size: 2, kind: "y" });
  });

  test("ignoreChanges is no more where one goes for the sake of another, unless it is the only reason to go", async () => {
    const both = (kind: string, size: number, ignoreChanges: string[]) => () => {
      const a = new Thing("a", { kind }, { deleteBeforeReplace: true });
      new Thing("b", { kind: a.serial, size }, { ignoreChanges });
    };
    const gone = await after(both("x", 1, ["size"]), both("y", 2, ["size"]));
    expect(steps(gone)).toEqual(["replace a", "replace b"]);
    expect(inputsOf(gone, "b")).toMatchObject({ size: 2 });
    const stays = await after(both("x", 1, ["kind"]), both("y", 1, ["kind"]));
    expect(steps(stays)).toEqual(["replace a"]);
    expect(inputsOf(stays, "b")).toMatchObject({ kind: "serial-1" });
  });

  test("aliases finds what had another name", async () => {
    const renamed = (opts: pulumi.CustomResourceOptions) => () => {
      new Thing("b", {}, opts);
    };
    expect(steps(await after(one({}, {}), renamed({ aliases: [{ name: "a" }] })))).toEqual([]);
    expect(steps(await after(one({}, {}), renamed({})))).toEqual(["create b", "delete a"]);
  });

  test("protect keeps", async () => {
    const { refusals, state } = await after(one({}, { protect: true }), () => {});
    expect(refusals).toEqual(["Thing a cannot be deleted because it is protected"]);
    expect([...state.keys()].map(label)).toContain("Thing a");
  });

  test("import takes what stands into the state, once, and only where it is as the program says", async () => {
    const opts = { import: "old-7" };
    const first = await after(one({ size: 1 }, opts));
    expect([steps(first), first.done]).toEqual([["import a"], []]);
    expect([...first.state.values()].find(({ custom }) => custom)?.id).toBe("old-7");
    expect(steps(await after(one({ size: 1 }, opts), one({ size: 1 }, opts)))).toEqual([]);
    const other = await after(one({ size: 2 }, opts));
    expect(other.refusals).toEqual(["Thing a: inputs to import do not match the existing resource"]);
    expect(steps(await after(one({ size: 2 }, { ...opts, ignoreChanges: ["size"] })))).toEqual(["import a"]);
  });

  test("import of another than stands replaces that", async () => {
    const { done, ...result } = await after(one({ size: 1 }, {}), one({ size: 1 }, { import: "old-7" }));
    expect([steps(result as Result), done]).toEqual([["replace a"], ["delete Thing a"]]);
  });

  test("retainOnDelete forgets, and deletes nothing", async () => {
    const result = await after(one({}, { retainOnDelete: true }), () => {});
    expect([steps(result), result.done]).toEqual([["delete a"], []]);
  });
});

describe("what the stand-in does not know is an error", () => {
  const account = new Account("eu-west-1");

  test("a type, and an input", () => {
    expect(() => account.check("aws:sqs/queue:Queue", {})).toThrow(
      "does not know the type aws:sqs/queue:Queue",
    );
    expect(() => account.check("aws:ec2/vpc:Vpc", { cidrBlock: "", tenancy: "" })).toThrow("Vpc's tenancy");
  });

  test("in an update its one error, whatever depends on the resource", async () => {
    const provider = new Things();
    provider.check = () => {
      throw new Error("things have no kind");
    };
    const run = inline(async () => chain("x", "kind", false));
    for (const preview of [false, true])
      await expect(update({ program, run, state: new Map(), provider, preview })).rejects.toThrow(
        /^things have no kind$/,
      );
  });

  test("an option", () => {
    const proto = createRequire(import.meta.url)("@pulumi/pulumi/proto/resource_pb.js");
    const request = new proto.RegisterResourceRequest();
    request.setType("test:index:Thing");
    request.setName("a");
    expect(goalOf({ stack: "dev", project: "test" }, request).urn).toBe(
      "urn:pulumi:dev::test::test:index:Thing::a",
    );
    request.setDeletedwith("urn:pulumi:dev::test::test:index:Thing::b");
    expect(() => goalOf({ stack: "dev", project: "test" }, request)).toThrow("does not know deletedWith");
  });
});
