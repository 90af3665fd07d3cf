import { describe, expect, test } from "vitest";
import { INSTANCE } from "../../../graph/types.ts";
import { read } from "../../shared/files.ts";
import { cases } from "../cases/machine.ts";
import { DOORS, holds, standing, withFormerBootstrap } from "../cases/run.ts";
import type { Stack } from "../fleet.ts";

holds(cases);

const LATER = "ami-0fedcba9876543210";

/** Images by instance. */
function images({ state }: Stack): Record<string, string> {
  const instances = [...state.values()].filter(({ type }) => type === INSTANCE);
  return Object.fromEntries(
    instances.map(({ name, inputs }) => [name.slice("pptp-fleet-".length), inputs.ami]),
  );
}

describe.each(DOORS)("an image that is published later, behind %s,", (door) => {
  test("touches nothing", async () => {
    const stack = await standing({ frontDoor: door });
    const before = images(stack);
    stack.account.publishedImage = LATER;
    const { done, same } = await stack.up();
    expect(done).toEqual([]);
    expect(same).toHaveLength(stack.state.size);
    expect(images(stack)).toEqual(before);
    expect(Object.values(before)).not.toContain(LATER);
  });

  test("is for servers that are made after it, and for them only", async () => {
    const stack = await standing({ frontDoor: door });
    const before = images(stack);
    stack.account.publishedImage = LATER;
    await stack.up({ servers: 3 });
    expect(images(stack)).toEqual({ ...before, "a-2": LATER });
    // What replaces a server for another reason takes the image with it.
    const { replaced } = await withFormerBootstrap(stack, ["a-1", "a-2", "b-1"]).up({ servers: 3 });
    expect(replaced).toEqual(["Instance a-1", "Instance a-2", "Instance b-1"]);
    expect(images(stack)).toEqual({ ...before, "a-1": LATER, "a-2": LATER, "b-1": LATER });
  });
});

describe("a machine that is replaced while amiId is unset", () => {
  /** Which image each of the fleet's instances would start from, where a version with another bootstrap replaces some. */
  async function planned(preview: boolean, machines: string[]): Promise<Record<string, string>> {
    const stack = withFormerBootstrap(await standing({}), machines);
    stack.account.publishedImage = LATER;
    const { result } = await (preview ? stack.preview() : stack.up());
    const made = preview ? result.registered : result.state;
    return images({ ...stack, state: made } as Stack);
  }

  // Pulumi's step_generator.go: a replacement is checked anew, with the program's own inputs.
  test.each([true, false])(
    "starts from the newest one, and no other machine does: preview %s",
    async (preview) => {
      const standingStill = images(await standing({}));
      expect(await planned(preview, ["a-1", "b-1"])).toEqual({
        ...standingStill,
        "a-1": LATER,
        "b-1": LATER,
      });
    },
  );

  test("starts from the newest one where it is a gateway, too", async () => {
    const replaced = await planned(false, ["a-1", "b-1", "gateway-a", "gateway-b"]);
    expect(replaced).toEqual({ "a-1": LATER, "b-1": LATER, "gateway-a": LATER, "gateway-b": LATER });
  });

  test.each(["docs/limits.md", "docs/changes.md"])("and %s says so", (page) => {
    const text = read(page).replaceAll(/\s+/g, " ");
    const sentences = {
      "docs/limits.md":
        "A server or gateway that is replaced while `amiId` is unset starts from the newest official image",
      "docs/changes.md":
        "An image that Debian publishes later. It is for machines that are made after it, be it that there are more, or that another change replaces them",
    };
    expect(text).toContain(sentences[page as keyof typeof sentences]);
    expect(text).not.toMatch(/replaced[^.]*from the same image/);
  });
});

test("another processor comes with its image", async () => {
  const stack = await standing({});
  const before = images(stack);
  await stack.up({ instanceType: "c7gn.large", gatewayInstanceType: "c7gn.large" });
  expect(new Set(Object.values(before))).toEqual(new Set(["ami-0a64000000000d13b"]));
  expect(new Set(Object.values(images(stack)))).toEqual(new Set(["ami-0a64000000000d13a"]));
});

test("a new gateway stands, has the address and the routes before the old one goes", async () => {
  const stack = await standing({});
  const { done } = await stack.up({ amiId: "ami-0123456789abcdef0" });
  const at = (what: string) => done.indexOf(what);
  for (const zone of ["a", "b"]) {
    const order = [
      `create Instance gateway-${zone}`,
      `create EipAssociation gateway-${zone}`,
      `update Route ${zone}`,
      `delete EipAssociation gateway-${zone}`,
      `delete Instance gateway-${zone}`,
    ];
    expect(order.map(at)).toEqual(order.map(at).toSorted((a, b) => a - b));
    expect(order.map(at)).not.toContain(-1);
    expect(at(`update Route balancer-${zone}`)).toBeLessThan(at(`delete Instance gateway-${zone}`));
    // Servers boot by the new one.
    expect(at(`update Route ${zone}`)).toBeLessThan(at(`create Instance ${zone}-1`));
  }
});

test.each(DOORS)(
  "tags that the provider adds are added in place, to all that has tags, behind %s",
  async (door) => {
    const stack = await standing({ frontDoor: door });
    const tagged = [...stack.state.values()].filter(({ inputs }) => "tags" in inputs);
    const { updated, restarted, replaced, created, deleted } = await stack.up({
      "aws:defaultTags": { tags: { costCentre: "4711" } },
    });
    expect([restarted, replaced, created, deleted]).toEqual([[], [], [], []]);
    expect(updated).toHaveLength(tagged.length);
    expect(updated).toContain("Instance a-1");
  },
);
