/**
 * What becomes of an `up` that follows one which was killed: of what AWS has already, it asks for a second one. Whether AWS
 * refuses that is the stand-in's word (aws/refusals.ts), by AWS's documents; Pulumi's pending operations it does not have.
 */
import { describe, expect, test } from "vitest";
import { DOORS, standing } from "./cases/run.ts";
import { ONCE, TWICE } from "./changes/page.ts";
import { plain } from "./pulumi/wire.ts";

const NAME = { dialName: "pptp.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };

describe.each(DOORS)("behind %s a second one of what stands", (frontDoor) => {
  /** Kinds whose second AWS refuses, and whose second it makes; a gateway's instance is told apart from a server's. */
  async function asked() {
    const stack = await standing({ frontDoor, ...NAME });
    const kinds = { refused: new Set<string>(), made: new Set<string>() };
    for (const { custom, type, name, inputs } of stack.state.values()) {
      if (!custom) continue;
      const kind = `${type.split(":").at(-1)}${name.includes("gateway") ? " of a gateway" : ""}`;
      try {
        stack.copy().account.create(type, name, plain(inputs));
        kinds.made.add(kind);
      } catch {
        kinds.refused.add(kind);
      }
    }
    return kinds;
  }

  test("is refused or made as docs/changes.md says", async () => {
    const { refused, made } = await asked();
    const there = (kind: string) => refused.has(kind) || made.has(kind);
    for (const kind of Object.keys(ONCE).filter(there))
      expect([kind, refused.has(kind)]).toEqual([kind, true]);
    for (const kind of Object.keys(TWICE))
      for (const each of [kind, `${kind} of a gateway`].filter((each) => there(each) && each !== "Instance"))
        expect([each, made.has(each)]).toEqual([each, true]);
    expect(refused.has("Instance")).toBe(true);
    if (frontDoor === "nlb")
      expect(
        Object.keys({ ...ONCE, ...TWICE }).filter((kind) => !there(kind) && !there(`${kind} of a gateway`)),
      ).toEqual([]);
  });
});
