/** Each violation, by breaking the resources of the real program; those between resources in a preview too. */
import { describe, expect, test } from "vitest";
import { type ProgramRun, type RecordedResource, runProgram } from "../../offline/program.ts";
import { stackInput } from "../../offline/stack.ts";
import { rules } from "../../policy/policies.ts";
import { stops } from "./analysis.ts";
import { type Case, Resources } from "./broken.ts";
import { firewallCases } from "./cases/firewall.ts";
import { frontDoorCases } from "./cases/front-door.ts";
import { machineCases } from "./cases/machines.ts";
import { recordCases } from "./cases/records.ts";
import { previewed } from "./preview.ts";

const cases = [...firewallCases, ...frontDoorCases, ...machineCases, ...recordCases];

/** Not a violation by itself: it depends on the policy config. pack.test.ts has it. */
const BY_CONFIG = ["allowed-regions"];

const runs = new Map<string, Promise<ProgramRun>>();

async function broken({ stack = "prod", config = [], breaks }: Case): Promise<Resources> {
  const key = [stack, ...config].join("\n");
  if (!runs.has(key)) runs.set(key, runProgram(stackInput(stack, config)));
  const resources = new Resources((await runs.get(key)!).resources);
  breaks(resources);
  return resources;
}

const expected = ({ policy, at, besides = [] }: Case) =>
  [...at.map((resource) => `${policy}: ${resource}`), ...besides].sort();

/** What policies about the stack find of it. */
const ofStack = (each: Case) => expected(each).filter((stop) => relates(stop.split(":")[0]!));

/** A rule about one resource reads what the program says of it, which a preview knows. */
const relates = (name: string) => rules.some((rule) => rule.name === name && "brokenIn" in rule);

const named = (own: Case[]) => own.map((each) => [each.what, each] as const);

describe.each([...new Set(cases.map(({ policy }) => policy))])("%s", (name) => {
  const own = cases.filter(({ policy }) => policy === name);

  test.each(named(own))("stops %s", async (_, each) => {
    const { list, touched } = await broken(each);
    // examples.test.ts has that all others pass, one by one; where config breaks it, any may be broken.
    const asked = each.config === undefined ? ({ urn }: RecordedResource) => touched.has(urn) : undefined;
    expect(await stops(list, asked)).toEqual(expected(each));
  });

  test.each(named(relates(name) ? own : []))("stops %s, in a preview", async (_, each) => {
    expect(await stops(previewed((await broken(each)).list), () => false)).toEqual(ofStack(each));
  });
});

test("every policy has a violation here, or by its config", () => {
  const tried = new Set(cases.map(({ policy }) => policy));
  expect(rules.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual(BY_CONFIG);
});
