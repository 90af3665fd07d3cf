/**
 * What becomes of an `up` that follows one which was killed: of what AWS has already, it asks for a second one. Whether AWS
 * refuses that is the stand-in's word (aws/refusals.ts), by AWS's documents.
 */
import { describe, expect, test } from "vitest";
import { DOORS, standing } from "./cases/run.ts";
import { ONCE, TWICE } from "./changes/page.ts";
import type { Config, Stack } from "./fleet.ts";
import { label } from "./pulumi/state.ts";
import { plain } from "./pulumi/wire.ts";

const IMAGE = { amiId: "ami-0123456789abcdef0" };
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

/** IDs in the account that the state does not know. */
function orphans({ account, state, undone }: Stack): string[] {
  const known = new Set([...state.values(), ...undone.doomed].map(({ id }) => id));
  return [...account.standing.keys()].filter((id) => !known.has(id));
}

/** The way back of docs/changes.md. */
function goBack(stack: Stack): void {
  stack.cancel();
  for (const id of orphans(stack)) stack.account.delete(stack.account.standing.get(id)!.type, id);
  stack.refresh({ clearPendingCreates: true });
}

test("a killed engine keeps its lock until pulumi cancel: no up, no destroy and no refresh, but a preview", async () => {
  const stack = await standing({ frontDoor: "eip" });
  await stack.up(IMAGE, { kill: { at: "create Instance pptp-fleet-a-1", done: false } });
  await expect(stack.up()).rejects.toThrow("pulumi cancel");
  await expect(stack.destroy()).rejects.toThrow("pulumi cancel");
  expect(() => stack.refresh()).toThrow("pulumi cancel");
  expect((await stack.preview(IMAGE)).replaced).toEqual(["Instance a-1", "Instance b-1"]);
  stack.cancel();
  const { said, refusals } = (await stack.up(IMAGE)).result;
  expect(refusals).toEqual([]);
  expect(said.filter((each) => each.includes("pending operations"))).toHaveLength(1);
});

describe("the up after one that was killed while AWS made something", () => {
  test.each([
    ["a server's instance", IMAGE, "Instance pptp-fleet-a-1", "InvalidNetworkInterface.InUse"],
    ["an interface", { servers: 3 }, "NetworkInterface pptp-fleet-a-2", "InvalidIPAddress.InUse"],
    [
      "a rule",
      { allowedCidrs: ["203.0.113.0/24"] },
      "SecurityGroupIngressRule pptp-fleet-gateway-in-gre-203.0.113.0/24",
      "InvalidPermission.Duplicate",
    ],
  ])("is refused by AWS where that is %s", async (_, change: Config, what, code) => {
    const stack = await standing({});
    await stack.up(change, { kill: { at: `create ${what}`, done: true } });
    expect(orphans(stack)).toHaveLength(1);
    stack.cancel();
    expect((await stack.up(change)).refusals).toEqual([expect.stringContaining(code)]);
    goBack(stack);
    expect((await stack.up(change)).refusals).toEqual([]);
    expect((await stack.up(change)).done).toEqual([]);
  });

  test.each([
    ["a gateway's instance", IMAGE, "Instance pptp-fleet-gateway-a", {}],
    ["an Elastic IP", { servers: 3, frontDoor: "eip" }, "Eip pptp-fleet-a-2", { frontDoor: "eip" }],
  ])("makes a second one where that is %s", async (_, change: Config, what, config: Config) => {
    const stack = await standing(config);
    await stack.up(change, { kill: { at: `create ${what}`, done: true } });
    const left = orphans(stack);
    expect(left).toHaveLength(1);
    stack.cancel();
    const { refusals, done } = await stack.up(change);
    expect([refusals, done.includes(`create ${what.replace("pptp-fleet-", "")}`)]).toEqual([[], true]);
    expect(orphans(stack)).toEqual(left);
  });
});

/** From a fleet of two, behind `nlb`; each with other kinds of call. */
const CHANGES: [string, Config, Config][] = [
  ["a server more", {}, { servers: 3 }],
  ["a server less", { servers: 3 }, { servers: 2 }],
  ["a tuning", {}, { pathMtu: 1400 }],
  ["another image", {}, IMAGE],
  ["others who may dial", {}, { allowedCidrs: ["203.0.113.0/24"] }],
];

/** The first call of each kind: `create Instance pptp-fleet-a-1`. */
function ofEachKind(calls: string[]): string[] {
  const kinds = calls.map((call) => call.split(" ").slice(0, 2).join(" "));
  return calls.filter((_, index) => kinds.indexOf(kinds[index]!) === index);
}

describe.each(CHANGES)("%s, cut off in each kind of call,", (_, from, to) => {
  test.each([true, false])("comes to the same by the way back: the call is done %s", async (done) => {
    const whole = await standing(from);
    const { result } = await whole.up(to);
    const labels = (stack: Stack) => [...stack.state.keys()].map(label).sort();
    for (const at of ofEachKind(result.done)) {
      const stack = await standing(from);
      expect((await stack.up(to, { kill: { at, done } })).result.killed, at).toBe(true);
      goBack(stack);
      expect((await stack.up(to)).refusals, at).toEqual([]);
      expect([orphans(stack), labels(stack)], at).toEqual([[], labels(whole)]);
    }
  });
});
